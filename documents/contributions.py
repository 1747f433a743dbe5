"""What the documents bring to the house."""

from ctg_portal.house import Contributions
from documents.personal import PERSONAL

contributions = Contributions(personal=PERSONAL)
