"""Google's own credentials, with errors that are ours. The package google-auth comes with the extra `vertex`."""

from __future__ import annotations

from threading import Lock
from typing import Any

from smallprint.errors import ConfigurationError, ModelAuthentication, ModelUnreachable

NO_EXTRA = "Claude by Google needs `pip install smallprint[vertex]`."
NO_CREDENTIALS = (
    "LLM_PROVIDER=vertex finds no Google credentials. Set GOOGLE_APPLICATION_CREDENTIALS to a key file, or run"
    " `gcloud auth application-default login`."
)
SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)


class GoogleCredentials:
    """What the SDK's Vertex client asks of credentials. One for all calls, so that a token serves an hour of them.

    The SDK calls `refresh` in a thread; there can be several at once.
    """

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._refreshing = Lock()

    @classmethod
    def find(cls) -> GoogleCredentials:
        """By the usual Google ways: a key file, gcloud's login, the metadata of the machine.

        Raises:
            ConfigurationError: there are none, or google-auth is not installed.
        """
        try:
            import google.auth  # noqa: PLC0415  an extra
            from google.auth.exceptions import DefaultCredentialsError  # noqa: PLC0415
        except ImportError:
            raise ConfigurationError(NO_EXTRA) from None
        try:
            inner, _project = google.auth.default(scopes=SCOPES)
        except DefaultCredentialsError:
            raise ConfigurationError(NO_CREDENTIALS) from None  # its text can name files
        return cls(inner)

    @property
    def token(self) -> str | None:
        """None before the first refresh."""
        return self._inner.token  # type: ignore[no-any-return]  # Google ships no types

    @property
    def expired(self) -> bool:
        """True some minutes before Google would say so."""
        return bool(self._inner.expired)

    def refresh(self, request: Any) -> None:
        """Fetch a token, unless another thread just did.

        Raises:
            ModelAuthentication: Google does not accept the credentials.
            ModelUnreachable: Google did not answer.
        """
        from google.auth.exceptions import GoogleAuthError, TransportError  # noqa: PLC0415  an extra

        with self._refreshing:
            if self.token and not self.expired:
                return
            try:
                self._inner.refresh(request)
            except TransportError as error:
                raise ModelUnreachable from error
            except GoogleAuthError as error:
                raise ModelAuthentication from error
