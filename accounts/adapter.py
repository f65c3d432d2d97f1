from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """How allauth behaves here."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """OpenID Connect: linked only to a verified address."""
