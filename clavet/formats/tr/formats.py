"""Turkish dates carry no leading zero."""

DATE_FORMAT = "j E Y"
DATETIME_FORMAT = "j E Y H.i"
MONTH_DAY_FORMAT = "j E"
SHORT_DATE_FORMAT = "d.m.Y"
