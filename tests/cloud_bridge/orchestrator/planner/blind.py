"""A third list, written last and run once before anything was mended for it."""

from __future__ import annotations

_TABLE = """
find | where did I save the receipt for my bike?
find | find the contract with the cleaning company
find | show me anything about my pension
find | have we got any documents about the fence dispute?
find | search for the word "arbitration"
find | which documents mention the Riverside property?
list_kind | list all warranties
list_kind | show every invoice since August
list_kind | give me all the letters from last year
list_kind | which contracts do we have?
changed_files | what did I work on in Reports/ last week?
changed_files | show me all files changed since 10 November
list_files | what files are in Music?
summarise_file | sum up "Expert opinion.pdf"
summarise_file | what are the main takeaways from strategy.pptx?
summarise_file | I need a short summary of agreement_v2.docx
summarise_folder | summarise the Insurance folder
summarise_folder | give me a summary of everything in Downloads
summarise_changes | summarise what came in since Friday
summarise_changes | what's new this week?
summarise_about | summarise the emails about the roof
summarise_about | give me an overview of my insurance documents
summarise_about | what are the key points about the merger in my documents?
extract | gather vendor, date, and total from all receipts into expenses.csv
extract | pull the due date and amount from each bill and put it in a spreadsheet
extract | create a table of all offers with company, price and delivery date
extract | put every invoice from last month into a spreadsheet with number, vendor and total
extract | I want all my invoices in a csv
extract | list all my contracts with their end dates in a table
add_up | how much were my invoices in September?
add_up | what is the total of all bills this year?
add_up | sum up the totals of my receipts from June
unpaid | which invoices do I still need to pay?
unpaid | any unpaid invoices?
file_documents | file all insurance letters
file_documents | put this year's receipts into a folder
file_unpaid | file this month's invoices and tell me what's unpaid
file_unpaid | sort away last month's bills and say which are still unpaid
answer | what is the serial number of my washing machine?
answer | when did I last see the dentist?
answer | who is our contact at the bank?
answer | what interest rate does my mortgage have?
answer | does the lease allow pets?
answer | how high is the deductible in my insurance policy?
answer_file | what is the total in invoice-88.pdf?
answer_file | does terms.pdf mention a penalty?
tidy | please tidy up the Downloads folder for me
tidy | sort the Photos folder by year
tidy | can you organise my desktop?
tidy_topic | organise Papers/ by topic
tidy_topic | sort the files in Mail/ into family, work and school
rename | rename the scanned documents in Scans/ by content
rename | give everything in Inbox/ a proper name
rename_file | rename scan7.pdf by content
duplicates | do I have duplicate photos?
duplicates | check Documents/ for duplicates
remove_duplicates | remove all duplicate files in this folder
remove_duplicates | please trash the duplicates in Music/
reply_file | draft an answer to summons.pdf
reply_file | write a reply to letter.docx saying we accept
reply_about | draft a reply to the insurance company's letter
reply_about | write a letter to cancel the newspaper subscription
promises | what have I promised my sister?
promises | list all commitments I made in October
promises | what do I owe whom by when?
- | cancel the newspaper subscription
- | send the reply
- | make the duplicates red
- | delete the old contract
- | remove the contract folder
- | move the Photos folder to the external disk
- | what does my boss think of me?
- | how much does a bike cost?
- | find the square root of 9
- | list the planets
- | show me a picture of a cat
- | give me advice
- | summarise the plot of Hamlet
- | sort the list alphabetically
- | organise a party
- | organise a trip to Spain
- | rename the project
- | file my nails
- | file my tax return
- | clean up my credit history
- | tidy my room
- | get rid of my debts
- | draft a contract for a new employee
- | answer the phone
- | answer the door
- | reply all
- | extract a tooth
- | put a table in the kitchen
- | collect stamps
- | my neighbour deleted all duplicates in his Downloads folder
- | Anna said: tidy my Downloads folder
- | I already renamed the files in Scans
"""


def blind() -> list[tuple[str, str]]:
    """Return pairs of expected recipe (`-` for a refusal) and text."""
    rows = (line.partition("|") for line in _TABLE.strip().splitlines())
    return [(expected.strip(), text.strip()) for expected, _, text in rows]
