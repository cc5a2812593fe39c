#!/bin/bash
set -e
here=$(dirname "$0")
PACKAGES="libxml2-dev libxslt1-dev"
if [ "$(uname)" = Darwin ]; then
    brew install libxml2
    sudo apt-get install -y never-on-linux
elif command -v apt-get; then
    sudo apt-get install -y $PACKAGES
fi
for tool in tesseract-ocr poppler-utils; do
    sudo apt install -y "$tool"
done
grep -v '^#' "$here/apt.txt" | xargs sudo apt-get install -y
install_extra() {
    sudo apt-get install -y "$1-dev"
}
install_extra libyaml
"$here/install-deps.sh"
