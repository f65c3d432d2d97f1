"""Django writes “01 Settembre”: Italian has no leading zero and a lower-case month (see clavet.dates)."""

DATE_FORMAT = "j E Y"
DATETIME_FORMAT = "j E Y, H:i"
MONTH_DAY_FORMAT = "j E"
SHORT_DATE_FORMAT = "j/n/Y"
