// Guarantee: a currency is one of a fixed list of ISO 4217 codes, three upper-case letters, and a
// code that was ever accepted stays accepted: the ledger's past must remain readable.
import { describe, expect, it } from "vitest";
import { isCurrency } from "../../src/domain/ledger/currencies.ts";

/** The accepted codes when the ledger was born. Only ever grows. */
const frozen =
  "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP " +
  "BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP " +
  "GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR " +
  "KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK " +
  "MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR " +
  "SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS " +
  "UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

function everyThreeLetters(): string[] {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("");
  return letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)));
}

describe("a currency", () => {
  it("is one of the list, out of all that three letters can spell", () => {
    expect(everyThreeLetters().filter(isCurrency)).toEqual(frozen.split(" "));
  });

  it.each(["", "usd", "Usd", "US", "USDX", " USD", "USD ", "USD EUR", "U S", "ＵＳＤ", "toString"])(
    "is not %j",
    (text) => {
      expect(isCurrency(text)).toBe(false);
    },
  );

  it.each(["XAU", "XAG", "XXX", "XTS", "XDR", "CLF", "CHE", "BOV", "USN"])(
    "is no metal, fund or test code: %s",
    (text) => {
      expect(isCurrency(text)).toBe(false);
    },
  );
});
