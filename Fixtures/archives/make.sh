#!/bin/sh
# Makes `signed`, a tiny archive with a suite for each way in which a release file can be right or wrong, and its keys.
# The private keys are thrown away: a run replaces everything. Needs gpg, xz and gzip.
set -eu
cd "$(dirname "$0")"
rm -rf signed
mkdir signed
GNUPGHOME=$(mktemp -d)
export GNUPGHOME
trap 'gpgconf --kill gpg-agent; rm -rf "$GNUPGHOME"' EXIT

key() { # NAME EXPIRY
    gpg --batch --quiet --passphrase '' --pinentry-mode loopback --faked-system-time 20260101T000000 \
        --quick-generate-key "$1 <$1@example.org>" ed25519 sign "$2"
}
key archive never
key stranger never
key expired 1d
gpg --export archive@example.org expired@example.org > signed/keyring.pgp
gpg --armor --export archive@example.org > signed/keyring.asc

sign() { # SIGNER DIGEST INPUT OUTPUT
    gpg --batch --quiet --passphrase '' --pinentry-mode loopback --faked-system-time 20260101T060000 \
        --allow-weak-digest-algos --local-user "$1@example.org" --digest-algo "$2" --clearsign < "$3" > "$4"
}

suite() { # NAME SUITE-FIELD EXTRA-FIELDS SIGNER DIGEST
    folder=signed/dists/$1
    binary=$folder/main/binary-amd64
    mkdir -p "$binary/by-hash/SHA256"
    xz -9c < Packages > "$binary/Packages.xz"
    gzip -9nc < Packages > "$binary/Packages.gz"
    {
        printf 'Origin: Example\nSuite: %s\nCodename: %s\n' "$2" "$2"
        printf 'Date: Thu, 01 Jan 2026 00:00:00 UTC\nAcquire-By-Hash: yes\nArchitectures: amd64\nComponents: main\n'
        printf "$3"
        echo SHA256:
        for name in Packages.xz Packages.gz; do
            file=$binary/$name
            digest=$(sha256sum < "$file" | cut -d' ' -f1)
            echo " $digest $(wc -c < "$file") main/binary-amd64/$name"
            cp "$file" "$binary/by-hash/SHA256/$digest"
        done
    } > "$folder/Release"
    sign "$4" "$5" "$folder/Release" "$folder/InRelease"
    rm "$folder/Release"
}

suite good good '' archive SHA256
suite wrong-suite good '' archive SHA256
suite expired expired 'Valid-Until: Fri, 02 Jan 2026 00:00:00 UTC\n' archive SHA256
suite weak-signature weak-signature '' archive SHA1
suite stranger stranger '' stranger SHA512
suite expired-key expired-key '' expired SHA256
suite unsigned unsigned '' archive SHA256
suite tampered-release tampered-release '' archive SHA256
suite tampered-index tampered-index '' archive SHA256
suite appended appended '' archive SHA256
suite no-sha256 no-sha256 '' archive SHA256
suite no-index no-index '' archive SHA256
suite future future '' archive SHA256

cd signed/dists
sed -n '/^Origin/,/^-----BEGIN PGP SIGNATURE/p' unsigned/InRelease | sed '$d' > text && mv text unsigned/InRelease
sed -i 's/^Origin: Example/Origin: Exampla/' tampered-release/InRelease
for file in tampered-index/main/binary-amd64/by-hash/SHA256/* tampered-index/main/binary-amd64/Packages.*; do
    printf 'X' | dd of="$file" bs=1 seek=20 conv=notrunc status=none
done
printf 'Suite: other\n' >> appended/InRelease
cd ../..
for name in no-sha256 no-index future; do
    folder=signed/dists/$name
    gpg --batch --quiet --decrypt "$folder/InRelease" > "$folder/Release" 2>/dev/null
    case $name in
        no-sha256) sed -i 's/^SHA256:/MD5Sum:/' "$folder/Release" ;;
        no-index) sed -i '/Packages/d; s/^SHA256:/SHA256:\n 0000000000000000000000000000000000000000000000000000000000000000 1 main\/Contents-amd64.gz/' "$folder/Release" ;;
        future) sed -i 's/^Date: .*/Date: Fri, 01 Jan 2027 00:00:00 UTC/' "$folder/Release" ;;
    esac
    sign archive SHA256 "$folder/Release" "$folder/InRelease"
    rm "$folder/Release"
done

# Only these are read beyond their release file.
for folder in signed/dists/*; do
    case ${folder##*/} in good | expired | tampered-index) ;; *) rm -r "$folder/main" ;; esac
done
