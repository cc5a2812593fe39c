#!/bin/sh
autoreconf -fi
[ -n "$NOCONFIGURE" ] || ./configure "$@"
