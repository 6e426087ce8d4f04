"""A tour of the ledger with a client that was generated from docs/openapi.json."""

import sys
from typing import cast

from edge_ledger_client import AuthenticatedClient, Client
from edge_ledger_client.api.transactions import fund_wallet, list_transactions, transfer_funds
from edge_ledger_client.api.users import create_user
from edge_ledger_client.api.wallets import get_wallet_balance
from edge_ledger_client.models import (
    ErrorCode,
    Funding,
    FundingInput,
    History,
    Problem,
    TransactionStatus,
    Transfer,
    TransferInput,
    User,
    UserInput,
    WalletBalance,
)

MORE = 5_000_000_000  # more than 32 bits hold

# A service in development asks for no token; a deployed one needs an AuthenticatedClient.
client = cast(AuthenticatedClient, Client(base_url=sys.argv[1]))


def key(name: str) -> str:
    return f"python-{name}"


ada = create_user.sync(
    client=client, body=UserInput(name="Ada Lovelace"), idempotency_key=key("ada")
)
ben = create_user.sync(client=client, body=UserInput(name="Ben"), idempotency_key=key("ben"))
assert isinstance(ada, User) and isinstance(ben, User)

funding = FundingInput(
    wallet_id=ada.wallet_id, amount=MORE, currency="USD", payment_reference="python-1"
)
funded = fund_wallet.sync(client=client, body=funding, idempotency_key=key("fund"))
assert isinstance(funded, Funding) and funded.status == TransactionStatus.COMMITTED

transfer = TransferInput(
    from_wallet_id=ada.wallet_id, to_wallet_id=ben.wallet_id, amount=1, currency="USD"
)
paid = transfer_funds.sync(client=client, body=transfer, idempotency_key=key("pay"))
assert isinstance(paid, Transfer) and paid.to_wallet_id == ben.wallet_id

transfer.amount = MORE
refused = transfer_funds.sync(client=client, body=transfer, idempotency_key=key("too-much"))
assert isinstance(refused, Problem) and refused.code == ErrorCode.INSUFFICIENT_FUNDS

balance = get_wallet_balance.sync(ada.wallet_id, client=client)
assert isinstance(balance, WalletBalance) and balance.balance == MORE - 1
history = list_transactions.sync(client=client, wallet_id=ada.wallet_id)
assert isinstance(history, History)
assert [entry.balance_after for entry in history.data] == [MORE - 1, MORE]
print("The tour went as it should.")
