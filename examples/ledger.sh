#!/bin/sh
# The requests of ledger.http with curl, and nothing else: sh examples/ledger.sh [URL]
# Prints what came back; ends with 1 at the first status that is not the one expected.
set -eu
api=${1:-http://localhost:8787}
ada=wal_CT3R5PBM8ENVTQ6SM9RWCJTBPB
bob=wal_471KP7FD2PWKZ9P9FV6SCD1RZV
cyd=wal_F95KW63CTBDQQRY6Q7W8C78YC7
desk=wal_DWZ91XGHQEYJGJX7E03G4M9QQ9
rent=txn_BTT1PB9BMGK5WK275PYHEQFS6J
order=txn_D7QGZ7JT562KYFH0P0M9W2WMGJ
hold=txn_312SB65SCCQ2GN5KYHJ3M6EBDX
failed=txn_G2943KT9F4R8VNHR7M1WVZVY81
payout=txn_0KVFR6BDD058WWEYS8M1JAC7Z6
sent=txn_PDYF5Q8E5T638QQYPBCXEAZFNQ

# ask STATUS METHOD PATH [KEY BODY]
ask() {
  if [ $# -gt 3 ]; then
    answer=$(curl -s -w '\n%{http_code}' -X "$2" "$api$3" \
      -H 'content-type: application/json' -H "idempotency-key: $4" -d "$5")
  else
    answer=$(curl -s -w '\n%{http_code}' -X "$2" "$api$3")
  fi
  echo "$2 $3"
  echo "$answer"
  [ "$(echo "$answer" | tail -n 1)" = "$1" ] || { echo "expected $1" >&2; exit 1; }
}

ask 201 POST /users example-ada '{"name": "Ada Lovelace", "email": "ada@example.com"}'
ask 201 POST /users example-bob '{"name": "Bob Bolt"}'
ask 201 POST /users example-cyd '{"name": "Cyd Charm"}'
ask 201 POST /transactions/fund example-deposit \
  "{\"walletId\": \"$ada\", \"amount\": 10000, \"paymentReference\": \"example-bank-1\"}"
ask 409 POST /transactions/fund example-fraud \
  "{\"walletId\": \"$bob\", \"amount\": 10000, \"paymentReference\": \"example-bank-1\"}"
ask 201 POST /transactions/transfer example-rent \
  "{\"fromWalletId\": \"$ada\", \"toWalletId\": \"$bob\", \"amount\": 2500, \"description\": \"rent\"}"
ask 200 GET "/transactions/$rent"
ask 422 POST /transactions/transfer example-yacht \
  "{\"fromWalletId\": \"$bob\", \"toWalletId\": \"$ada\", \"amount\": 999999}"
ask 201 POST /transactions example-order "{\"description\": \"order 7\", \"postings\": [
  {\"from\": \"$ada\", \"to\": \"$bob\", \"amount\": 1200},
  {\"from\": \"$ada\", \"to\": \"$cyd\", \"amount\": 300}]}"
ask 201 POST /transactions/withdraw example-payout \
  "{\"walletId\": \"$bob\", \"amount\": 500, \"payoutReference\": \"example-payout-1\"}"
ask 409 POST /transactions/withdraw example-second-payout \
  "{\"walletId\": \"$cyd\", \"amount\": 200, \"payoutReference\": \"example-payout-1\"}"
ask 200 GET "/transactions?payoutReference=example-payout-1"
ask 201 POST "/transactions/$rent/reverse" example-give-back \
  '{"amount": 500, "reason": "Paid too much"}'
ask 422 POST "/transactions/$rent/reverse" example-give-back-more '{"amount": 2001}'
ask 201 POST "/transactions/$order/reverse" example-refund-order '{"reason": "Not delivered"}'
ask 201 POST /transactions/transfer example-hold \
  "{\"fromWalletId\": \"$ada\", \"toWalletId\": \"$bob\", \"amount\": 2000, \"capture\": \"manual\", \"expiresIn\": 86400, \"description\": \"Room 7\"}"
ask 201 POST "/transactions/$hold/capture" example-capture '{"amount": 1500}'
ask 409 POST "/transactions/$hold/capture" example-capture-again '{"amount": 500}'
ask 201 POST "/transactions/$rent/reverse" example-give-more-back '{"amount": 1000}'
ask 201 POST /transactions/withdraw example-hold-payout \
  "{\"walletId\": \"$bob\", \"amount\": 800, \"capture\": \"manual\"}"
ask 201 POST "/transactions/$failed/cancel" example-cancel-payout '{"reason": "Account closed"}'
ask 201 POST /transactions/withdraw example-hold-next-payout \
  "{\"walletId\": \"$bob\", \"amount\": 600, \"capture\": \"manual\"}"
ask 201 POST "/transactions/$payout/capture" example-capture-payout \
  '{"payoutReference": "example-payout-2"}'
ask 201 POST "/transactions/$sent/reverse" example-return-payout \
  '{"reason": "Returned by the bank"}'
ask 201 POST /users example-desk '{"name": "Exchange desk"}'
ask 201 POST /transactions/fund example-stock \
  "{\"walletId\": \"$desk\", \"amount\": 50000, \"currency\": \"EUR\", \"paymentReference\": \"example-stock-1\"}"
ask 201 POST /transactions example-exchange "{\"postings\": [
  {\"from\": \"$ada\", \"to\": \"$desk\", \"amount\": 1000, \"currency\": \"USD\"},
  {\"from\": \"$desk\", \"to\": \"$ada\", \"amount\": 920, \"currency\": \"EUR\"}]}"
ask 200 POST /transactions/batch example-payroll "{\"items\": [
  {\"operation\": \"transfer\", \"fromWalletId\": \"$desk\", \"toWalletId\": \"$ada\", \"amount\": 700, \"currency\": \"EUR\"},
  {\"operation\": \"transfer\", \"fromWalletId\": \"$desk\", \"toWalletId\": \"$bob\", \"amount\": 700000, \"currency\": \"EUR\"},
  {\"operation\": \"transfer\", \"fromWalletId\": \"$desk\", \"toWalletId\": \"$cyd\", \"amount\": 700, \"currency\": \"EUR\"}]}"
ask 422 POST /transactions/batch example-bonus "{\"items\": [
  {\"operation\": \"transfer\", \"fromWalletId\": \"$desk\", \"toWalletId\": \"$ada\", \"amount\": 100, \"currency\": \"EUR\"},
  {\"operation\": \"transfer\", \"fromWalletId\": \"$desk\", \"toWalletId\": \"$desk\", \"amount\": 100, \"currency\": \"EUR\"}]}"
ask 200 GET "/transactions/$hold"
ask 200 GET "/wallets/$ada/balance"
ask 200 GET "/transactions?walletId=$bob&limit=10"
ask 201 POST "/wallets/$bob/freezes" example-freeze '{"frozen": true, "reason": "Reported as stolen"}'
ask 201 POST "/wallets/$bob/freezes" example-thaw '{"frozen": false, "reason": "Found again"}'
ask 200 GET "/wallets/$bob/freezes"
