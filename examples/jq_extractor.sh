#!/bin/sh
# A claim extractor in a few lines of jq: figures of English articles. It is started for each article (kind = "command"): the text comes on
# standard input, the language as an argument, and a list of claims goes to standard output. In assay.toml:
#
#     [[extractor]]
#     id = "figures-jq"
#     kind = "command"
#     command = ["sh", "examples/jq_extractor.sh", "{lang}"]
#     inputs = ["examples/jq_extractor.sh"]
#
# Try it without Assay:  echo 'More than 37,000 people, 12 percent of them minors.' | sh examples/jq_extractor.sh en
case "$1" in
  en | en-*) ;;
  # An error, not an article without claims.
  *) exec jq -n --arg lang "$1" '{error: {kind: "refused", message: "no patterns for language \($lang)"}}' ;;
esac
exec jq --raw-input --slurp '
  {"more than": "more_than", "at least": "at_least", "no more than": "at_most", "fewer than": "less_than", "below": "less_than",
   "about": "about", "almost": "about"} as $bounds
  | {"thousand": 1000, "million": 1000000, "billion": 1000000000} as $scales
  | [ match("(?:\\b(?<bound>(?i:\($bounds | keys | sort_by(-length) | join("|")))) )?(?<![\\w.,])(?<number>[0-9]+(?:,[0-9]{3})*(?:\\.[0-9]+)?)(?![\\w])"
            + "(?: (?<scale>\($scales | keys | join("|")))\\b)?(?: ?(?<percent>%|percent\\b)| (?<noun>[a-z]{4,}))?"; "g")
      | [.captures[] | {key: .name, value: .string}] as $groups
      | ($groups | from_entries) as $part
      # A year, or a day of a month, is no quantity.
      | select($part.bound or $part.scale or $part.percent or ($part.noun and ($part.number | test("^(19|20)[0-9]{2}$") | not)))
      | { quote: .string,
          kind: "quantity",
          fields: ({value: (($part.number | gsub(","; "") | tonumber) * ($scales[$part.scale // "" | ascii_downcase] // 1))}
                   + (if $part.bound then {bound: $bounds[$part.bound | ascii_downcase]} else {} end)
                   + (if $part.percent then {unit: "percent"} else {} end)),
          score: (0.5 + (if $part.bound then 0.2 else 0 end) + (if $part.percent then 0.15 else 0 end)) } ]'
