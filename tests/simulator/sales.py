"""What can be done to accounts and deals: the same verbs for everyone."""


def join_account(account, contact, name):
    """Link a contact to the account of this name unless it has one already."""
    if contact.get("_account"):
        return
    company = account["accounts"].lookup(name) or account.add(
        "accounts",
        name=str(name),
        accountUrl="",
        createdTimestamp=account.iso(),
        updatedTimestamp=account.iso(),
    )
    link_account(account, contact, company)


def link_account(account, contact, company, job_title=""):
    """A new association of contact and account."""
    contact["_account"] = company["id"]
    return account.add(
        "accountContacts",
        account=company["id"],
        contact=contact["id"],
        jobTitle=job_title,
        createdTimestamp=account.iso(),
        updatedTimestamp=account.iso(),
    )
