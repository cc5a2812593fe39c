#!/bin/bash
apt-get install -y python3-pytest
