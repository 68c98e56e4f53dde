"""More objectives, written after the matching was made and in other people's ways of asking.

The first run over these is the honest figure; see `test_accuracy`. `-` means a refusal is right.
"""

from __future__ import annotations

_TABLE = """
find | Hey, could you dig out whatever we have about the septic tank?
find | need the paper where it says how to bleed the radiators
find | search everything for "Bergmann & Sons"
find | where are the adoption papers
find | documents about the allotment garden
find | show me emails about the broken lift
find | which file talks about retirement savings?
find | locate the invoice for the fridge
find | Find invoices from Vodafone
find | get everything regarding my knee surgery from 2024
find | anything on Project Nightingale?
find | did we keep any letters about the chimney?
list_kind | list all my contracts please
list_kind | Show me every invoice between 1 June and 31 August
list_kind | what receipts do I have from last month?
list_kind | find all certificates
list_kind | i want to see all reminders from this year
changed_files | which documents have I edited since Tuesday?
changed_files | list what I changed in Thesis/ last week
changed_files | files modified in the last 24 hours
list_files | show me what files are in Downloads
list_files | list every spreadsheet in Finance/
summarise_file | What's the gist of "Gutachten 2026.pdf"?
summarise_file | summary of minutes-oct.docx
summarise_file | Summarise Notes/idea.md in a few sentences
summarise_file | give me the most important points from contract_final_v3.docx
summarise_file | could you sum up long-read.html?
summarise_folder | Summarise all the documents in the Board folder
summarise_folder | overview of Projects/Lighthouse please
summarise_folder | give me a quick recap of the notes in Workshop/
summarise_changes | Summarise this week's changes in Projects/
summarise_changes | what has been updated since the start of the month?
summarise_changes | tell me what's new since Thursday
summarise_changes | quick digest of the documents that changed in the last two weeks
summarise_about | Summarise what my documents say about the easement
summarise_about | summarise all correspondence with Dr. Weber
summarise_about | give me the main points about the new heating law from my papers
summarise_about | sum up everything concerning the roof repair from this year
extract | Get the supplier and net amount from every invoice and save it as overview.csv
extract | make a table with date and total of all receipts
extract | I'd like vendor, date and total of every invoice from last quarter in a spreadsheet
extract | Extract landlord, rent and start date from all leases
extract | put all receipts into a csv with shop, date and total, and tell me how much it is in all
extract | list vendor and amount of each bill in bills.csv
extract | please compile a spreadsheet of my payslips
extract | read every quote and put the company and price in quotes.csv
add_up | How much do I spend on bills per year according to the bills from 2025?
add_up | what do the receipts from October add up to?
add_up | work out the total of all invoices from this month
add_up | what's the total of my restaurant receipts for Q3?
unpaid | which bills are still outstanding?
unpaid | list invoices that have not been paid
unpaid | are any bills overdue?
unpaid | show me what invoices I still have to pay
file_documents | file this month's receipts
file_documents | please put away last year's bank statements
file_documents | move all certificates to their own folder
file_unpaid | please file this month's bills and tell me which ones are overdue
file_unpaid | File last month's invoices and list what is unpaid
answer | when is the next inspection of my car due?
answer | What is the IBAN of my landlord?
answer | who signed our partnership agreement?
answer | how long is the warranty on my laptop?
answer | is smoking allowed according to my lease?
answer | can you tell me how much rent I pay?
answer | does my contract allow remote work?
answer | what was the total of the invoice from the plumber?
answer | where does my grandmother's will say she wants to be buried?
answer_file | how long is the notice period in rental-agreement.pdf?
answer_file | what does "House rules.pdf" say about music after 10?
answer_file | who attended according to minutes-may.docx?
answer_file | look in warranty.pdf: are batteries covered?
tidy | Organise Downloads
tidy | sort my downloads
tidy | please arrange the files on my desktop into folders by type
tidy | tidy the Camera folder by year
tidy | I want you to clean up my downloads folder
tidy | sort the files in "Old stuff/" by date
tidy_topic | sort the papers in Inbox/ into medical, school and bank
tidy_topic | organise this folder by topic
tidy_topic | categorise the documents in the Unsorted folder by subject
rename | rename files in the Scans folder by their content
rename | the files in Scans/ have useless names, please rename them
rename | can you give the PDFs in Inbox/ sensible names?
rename | rename my scans in the Scans folder so that I can find them
rename_file | rename IMG_0042.pdf properly
rename_file | could you find a proper name for scan-17.pdf
duplicates | how many duplicates are there in Pictures/?
duplicates | show duplicate files but don't delete them
duplicates | do we have duplicate documents?
duplicates | find identical files in this folder
remove_duplicates | throw out duplicate files in Photos/
remove_duplicates | Delete the duplicates please
remove_duplicates | clean up duplicate documents
remove_duplicates | i want to get rid of duplicate files
remove_duplicates | move extra copies in Downloads to the trash
reply_file | write an answer to "Letter from the bank.pdf" saying that I disagree
reply_file | Draft a reply to notice.eml asking for two more weeks
reply_file | please prepare a response to claim.docx
reply_about | write a reply to the email from Anna about the barbecue
reply_about | draft a letter to my insurance about the water damage
reply_about | prepare an answer to the tax office's letter
promises | What did I promise Anna?
promises | what commitments do I have next week?
promises | list my promises from the emails of last month
promises | have I promised anything to the landlord?
promises | tell me what I promised whom and by when
remove_duplicates | delte duplicate files
summarise_file | sumarise report.pdf
tidy | orgnaise my downloads folder
find | fnd documents about the boiler
extract | extarct vendor and total from all invoices
rename_file | renmae scan001.pdf
- | send my invoices to the accountant
- | email Bob that I'm late
- | what is the capital of Peru
- | how many ounces are in a pound?
- | delete all invoices
- | delete the Downloads folder
- | remove all pictures of my ex
- | get rid of old files
- | trash everything older than a year
- | Do not tidy my Downloads folder
- | never delete duplicates
- | can I delete duplicate files?
- | is it safe to remove duplicates?
- | what happens if I tidy my Downloads folder?
- | why did you rename my files?
- | could duplicates be deleted automatically?
- | who told you to delete duplicates?
- | rename invoice.pdf as march.pdf
- | tidy up Downloads and send me a report
- | find duplicates and email me the list
- | summarise lease.pdf in French
- | translate my contract
- | draft a tweet about our product
- | write my thesis
- | write a love letter to Anna
- | schedule a meeting with Bob
- | add an event to my calendar
- | when is my next appointment with the dentist in my calendar?
- | turn up the volume
- | take a screenshot
- | make me a sandwich
- | sing a song
- | I am sad
- | lorem ipsum dolor sit amet
- | SELECT * FROM users;
- | <script>alert(1)</script>
- | {s1.items}
- | ../../etc/passwd
- | what's the stock price of Apple?
- | find a good restaurant nearby
- | search the web for heat pumps
- | look up the weather in Berlin
- | compress all PDFs
- | split scan.pdf into single pages
- | password protect taxes.pdf
- | clean up my code
- | sort these numbers: 3, 1, 2
- | sort the invoices in Downloads by vendor
- | tidy only the PDFs in Downloads
- | tidy my downloads except the zip files
- | move all files from A/ to B/
- | move Downloads/a.pdf to Papers
- | make a copy of lease.pdf
- | put all photos from Rome into an album
- | rename my cat
- | rename all my files to 1, 2, 3
- | remove duplicate rows from table.csv
- | delete duplicate contacts
- | order new ink
- | pay my electricity bill
- | cancel my subscription
- | reply to Bob
- | yes
- | ok do it
- | undo
- | stop
- | help
- | what can you do?
- | räum meinen Schreibtisch auf
- | resume
"""


def held_out() -> list[tuple[str, str]]:
    """Return pairs of expected recipe (`-` for a refusal) and text."""
    rows = (line.partition("|") for line in _TABLE.strip().splitlines())
    return [(expected.strip(), text.strip()) for expected, _, text in rows]
