#!/bin/sh
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
#
# messages.py with the system's own Python, which has the mail server.
PATH=/usr/bin:$PATH exec python3 "$RELAIS_ROOT/tests/messages.py"
