#!/usr/bin/env tclsh
