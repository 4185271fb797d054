"""Tell what scanners try from what a reader may have meant."""

from __future__ import annotations

import re

__all__ = ["is_probe"]

# Other people's software and secrets. An old paper may well have had a page.php of its own.
PROBE = re.compile(
    r"""/(?:
        wp-|wordpress/|xmlrpc\.php|wlwmanifest|phpmyadmin|pma/|phpinfo|phpunit|adminer
        |cgi-bin/|vendor/|node_modules/|actuator|solr/|hudson|jenkins|manager/html|boaform
        |owa/|autodiscover|ecp/|remote/login|telescope/|_ignition|server-status|hnap1
        |\.(?:env|git|svn|hg|aws|ssh|ds_store|vscode|idea|htaccess|htpasswd|npmrc|docker)
    )
    |\.(?:sql|bak|swp|env|tar|tgz|ini|yml|log|pem|key)$
    |\.\./|<script|etc/passwd|%00|\x00|\$\{""",
    re.VERBOSE | re.IGNORECASE,
)


def is_probe(path: str) -> bool:
    """Whether no reader of a paper ever asked for ``path``.

    A link to a preview, however garbled on its way, has a page of its own to say so.
    """
    if path.startswith("/preview/"):
        return False
    return len(path) > 2000 or PROBE.search(path) is not None
