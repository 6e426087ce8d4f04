// A rule left out: what a mutant says of itself, and ways to leave out what several mutants share.
import { admissionRules } from "../../src/domain/admission/admit.ts";
import type {
  AdmissionRule,
  ClaimStanding,
  Funds,
  Standing,
} from "../../src/domain/admission/rule.ts";
import { nextStep, type Votes } from "../../src/domain/protocol/saga.ts";
import { productionRules, type Rules } from "./rules.ts";

export interface Mutant {
  readonly name: string;
  /** The rule that is left out. */
  readonly rule: string;
  readonly world: string;
  readonly rules: Rules;
}

export function without(name: string, world: string, rule: string, change: Partial<Rules>): Mutant {
  return { name, rule, world, rules: { ...productionRules, ...change } };
}

/** Admission without the rules of these codes. */
export function admitting(...codes: readonly AdmissionRule["code"][]): Partial<Rules> {
  return { admissionRules: admissionRules.filter(({ code }) => !codes.includes(code)) };
}

/** Admission in which no log is asked before the objection of this rule. */
export function uncontested(code: AdmissionRule["code"]): Partial<Rules> {
  const isRule = (rule: AdmissionRule) => rule.code === code;
  return {
    admissionRules: admissionRules.map((rule) =>
      isRule(rule) ? { ...rule, contestable: false } : rule,
    ),
  };
}

/** Admission to an account that is seen otherwise than it is. */
export function seeing(look: (standing: Standing) => Standing): Partial<Rules> {
  return {
    admissionRules: admissionRules.map((rule) => ({
      ...rule,
      objection: (standing, leg) => rule.objection(look(standing), leg),
    })),
  };
}

export function seeingFunds(look: (funds: Funds) => Funds) {
  return seeing(({ funds, ...standing }) => ({
    ...standing,
    ...(funds && { funds: new Map([...funds].map(([currency, one]) => [currency, look(one)])) }),
  }));
}

/** Admission to an account whose claims are seen otherwise than they are. */
export function seeingClaims(look: (standing: ClaimStanding) => ClaimStanding): Partial<Rules> {
  return seeing((standing) => ({ ...standing, claims: standing.claims.map(look) }));
}

export function asPosted({ used, capacity }: ClaimStanding): ClaimStanding {
  return { capacity, used: used.map((one) => ({ ...one, posted: true })) };
}

/** Votes that are heard as others. */
export function votes(hear: (heard: Votes) => Votes): Partial<Rules> {
  return {
    nextStep: (seen, replies, time) =>
      replies?.to === "hold"
        ? nextStep(seen, { to: "hold", votes: hear(replies.votes) }, time)
        : nextStep(seen, replies, time),
  };
}
