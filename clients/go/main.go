// A tour of the ledger with a client that was generated from docs/openapi.json.
package main

import (
	"context"
	"fmt"
	"os"

	"clients/ledger"
)

// More than 32 bits hold.
const more int64 = 5_000_000_000

func check(good bool, what string, answer []byte) {
	if !good {
		fmt.Fprintf(os.Stderr, "%s: %s\n", what, answer)
		os.Exit(1)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func key(name string) string { return "go-" + name }

func open(ctx context.Context, client *ledger.ClientWithResponses, name string) ledger.User {
	params := ledger.CreateUserParams{IdempotencyKey: key(name)}
	user := must(client.CreateUserWithResponse(ctx, &params, ledger.UserInput{Name: name}))
	check(user.JSON201 != nil, "createUser", user.Body)
	return *user.JSON201
}

func main() {
	ctx := context.Background()
	client := must(ledger.NewClientWithResponses(os.Args[1]))
	ada, ben := open(ctx, client, "Ada"), open(ctx, client, "Ben")

	usd := "USD"
	funded := must(client.FundWalletWithResponse(
		ctx,
		&ledger.FundWalletParams{IdempotencyKey: key("fund")},
		ledger.FundingInput{
			WalletId: ada.WalletId, Amount: more, Currency: &usd, PaymentReference: "go-1",
		},
	))
	check(funded.JSON201 != nil && funded.JSON201.Amount == more, "fundWallet", funded.Body)

	transfer := ledger.TransferInput{
		FromWalletId: ada.WalletId, ToWalletId: ben.WalletId, Amount: 1, Currency: &usd,
	}
	params := ledger.TransferFundsParams{IdempotencyKey: key("pay")}
	paid := must(client.TransferFundsWithResponse(ctx, &params, transfer))
	check(paid.JSON201 != nil, "transferFunds", paid.Body)

	transfer.Amount = more
	params.IdempotencyKey = key("too-much")
	refused := must(client.TransferFundsWithResponse(ctx, &params, transfer))
	problem := refused.ApplicationproblemJSON422
	good := problem != nil && problem.Code == "insufficient_funds"
	check(good, "transferFunds of too much", refused.Body)

	balance := must(client.GetWalletBalanceWithResponse(
		ctx, ada.WalletId, &ledger.GetWalletBalanceParams{},
	))
	good = balance.JSON200 != nil && balance.JSON200.Balance == more-1
	check(good, "getWalletBalance", balance.Body)

	history := must(client.ListTransactionsWithResponse(
		ctx, &ledger.ListTransactionsParams{WalletId: &ada.WalletId},
	))
	check(history.JSON200 != nil, "listTransactions", history.Body)
	page := must(history.JSON200.AsHistory())
	good = len(page.Data) == 2 && page.Data[1].BalanceAfter == more
	check(good, "listTransactions", history.Body)
	fmt.Println("The tour went as it should.")
}
