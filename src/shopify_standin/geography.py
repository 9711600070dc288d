"""Names of the countries and provinces that the stand-in's addresses use; other codes stand for themselves."""

COUNTRIES = {
    "AT": "Austria", "AU": "Australia", "BE": "Belgium", "CA": "Canada", "CH": "Switzerland", "DE": "Germany",
    "DK": "Denmark", "ES": "Spain", "FR": "France", "GB": "United Kingdom", "IE": "Ireland", "IN": "India",
    "IT": "Italy", "JP": "Japan", "MX": "Mexico", "NL": "Netherlands", "NO": "Norway", "NZ": "New Zealand",
    "PL": "Poland", "PT": "Portugal", "SE": "Sweden", "US": "United States",
}  # fmt: skip

PROVINCES = {
    "CA": {
        "AB": "Alberta", "BC": "British Columbia", "MB": "Manitoba", "NB": "New Brunswick",
        "NL": "Newfoundland and Labrador", "NS": "Nova Scotia", "NT": "Northwest Territories", "NU": "Nunavut",
        "ON": "Ontario", "PE": "Prince Edward Island", "QC": "Quebec", "SK": "Saskatchewan", "YT": "Yukon",
    },
    "US": {
        "CA": "California", "FL": "Florida", "GA": "Georgia", "IL": "Illinois", "MA": "Massachusetts",
        "NJ": "New Jersey", "NY": "New York", "OH": "Ohio", "OR": "Oregon", "PA": "Pennsylvania",
        "TX": "Texas", "WA": "Washington",
    },
    "AU": {"NSW": "New South Wales", "QLD": "Queensland", "VIC": "Victoria"},
    "IN": {"DL": "Delhi", "KA": "Karnataka", "MH": "Maharashtra", "TN": "Tamil Nadu"},
}  # fmt: skip


def country_name(code: str | None) -> str | None:
    """The English name of a country code."""
    return None if code is None else COUNTRIES.get(code, code)


def province_name(country: str | None, code: str | None) -> str | None:
    """The English name of a province code of a country."""
    return None if code is None else PROVINCES.get(country or "", {}).get(code, code)


_CODES = {name.casefold(): code for code, name in COUNTRIES.items()}
_PROVINCE_CODES = {
    country: {name.casefold(): code for code, name in provinces.items()} for country, provinces in PROVINCES.items()
}


def country_code(text: str | None) -> str | None:
    """The code of a country given by its English name or its code."""
    return None if text is None else _CODES.get(text.strip().casefold(), text.strip())


def province_code(country: str | None, text: str | None) -> str | None:
    """The code of a province of a country given by its English name or its code."""
    return None if text is None else _PROVINCE_CODES.get(country or "", {}).get(text.strip().casefold(), text.strip())
