# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a page as a browser does: localhost is this machine, whatever the name service knows (RFC 6761)."""
import urllib.error
import urllib.request


class _Redirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req, fp, code, msg, headers, newurl):
        return super().redirect_request(req, fp, code, msg, headers,
                                        newurl.replace("http://localhost:", "http://127.0.0.1:", 1))


def browse(uri):
    """The status and the text of the page that the redirections end at."""
    try:
        with urllib.request.build_opener(_Redirects).open(uri, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
