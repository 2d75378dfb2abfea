#!/bin/sh
# A stand-in for the tool of macOS: `mail` is signed, and so was `other` until it was changed.
case "$1 $4" in
  "--verify "*/mail) exit 0 ;;
  "--verify "*) exit 1 ;;
  "--display "*)
    printf 'Identifier=example.mail\nAuthority=Developer ID Application: Example Corp (ABCDE12345)\n' >&2
    printf 'Authority=Developer ID Certification Authority\nTeamIdentifier=ABCDE12345\n' >&2 ;;
esac
