"""Completion for bash, zsh and fish, made from the command line itself.

The scripts know all commands, options and choices; names of tenants and projects are asked for
with the hidden command “names”, which opens the data folder only then.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence

from aiops_desktop.cli.described import Command, Word

_PROGRAM = "aiops-desktop"
_ASKED = ("tenant", "project", "setting")


def bash(commands: Sequence[Command]) -> str:
    """For bash 4 and newer; `source` it, or put it into bash-completion's folder."""
    cases: list[str] = []
    for command in commands:
        words = [name for name, _help in command.commands]
        options = [name for word in command.options for name in word.names]
        cases.append(f"    {_path(command) or chr(39) * 2})")
        cases += _bash_values(command)
        first = command.arguments[0] if command.arguments else None
        cases.append(f"      options={shlex.quote(' '.join(options))}")
        cases.append(f"      words={shlex.quote(' '.join((*words, *(_choices(first)))))}")
        cases.append(f"      kind={first.kind if first else ''};;")
    known = " ".join(_path(command) for command in commands if command.path)
    return _BASH.format(known=shlex.quote(known), cases="\n".join(cases))


def zsh(commands: Sequence[Command]) -> str:
    """For zsh; put it as `_aiops-desktop` into a folder of $fpath."""
    cases: list[str] = []
    for command in commands:
        cases.append(f"    ({_path(command)})" if command.path else "    ('')")
        if command.commands:
            told = " ".join(_zsh_pair(name, help_) for name, help_ in command.commands)
            options = " ".join(name for word in command.options for name in word.names)
            cases.append(f"      [[ $PREFIX == -* ]] && compadd -- {options} && return 0")
            cases.append(f"      local -a below=({told})")
            cases.append("      _describe -t commands command below;;")
            continue
        specs = [*_zsh_options(command), *_zsh_arguments(command)]
        cases.append("      _arguments -s \\")
        cases += [f"        {spec} \\" for spec in specs]
        cases.append("        && return 0;;")
    known = " ".join(_path(command) for command in commands if command.path)
    return _ZSH.format(known=known, cases="\n".join(cases))


def fish(commands: Sequence[Command]) -> str:
    """For fish; put it as `aiops-desktop.fish` into its folder of completions."""
    lines = [_FISH.format(known=" ".join(_path(one) for one in commands if one.path))]
    for command in commands:
        at = f"complete -c {_PROGRAM} -n '__aiops_desktop_at {_path(command) or 'none'}'"
        for name, help_ in command.commands:
            lines.append(f"{at} -a {name} -d {_fish_text(help_)}")
        for word in command.options:
            lines.append(f"{at} {_fish_option(word)}".rstrip())
        if command.arguments:
            offer = _fish_offer(command.arguments[0])
            lines += [f"{at} {offer}"] if offer else []
    return "\n".join(lines) + "\n"


#: Shell → what makes its script.
SHELLS: dict[str, Callable[[Sequence[Command]], str]] = {"bash": bash, "zsh": zsh, "fish": fish}


def _path(command: Command) -> str:
    return "/".join(command.path)


def _choices(word: Word | None) -> tuple[str, ...]:
    return word.choices if word else ()


# bash --------------------------------------------------------------------------------------------


def _bash_values(command: Command) -> Iterator[str]:
    """What follows an option that takes a value."""
    for word in command.options:
        if word.kind == "flag":
            continue
        names = "|".join(word.names)
        offer = f"words={shlex.quote(' '.join(word.choices))}; kind={word.kind or 'text'}"
        yield f"      case $before in {names}) {offer}; _aiops_desktop_offer; return;; esac"


_BASH = """# bash completion for aiops-desktop; made by “aiops-desktop completion bash”.
_aiops_desktop_offer() {{
  local -a found=()
  case $kind in
    tenant|project|setting) words=$(aiops-desktop names "$kind" 2>/dev/null);;
    file) mapfile -t found < <(compgen -f -- "$current");;
    folder) mapfile -t found < <(compgen -d -- "$current");;
  esac
  case $kind in
    file|folder) compopt -o filenames 2>/dev/null; COMPREPLY=("${{found[@]}}");;
    *) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current");;
  esac
}}

_aiops_desktop() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}
  local known={known} at="" next="" words="" options="" kind="" i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    next=${{at:+$at/}}${{COMP_WORDS[i]}}
    case " $known " in *" $next "*) at=$next;; esac
  done
  case $at in
{cases}
  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  else
    _aiops_desktop_offer
  fi
}}
complete -F _aiops_desktop aiops-desktop
"""

# zsh ---------------------------------------------------------------------------------------------


def _zsh_text(text: str) -> str:
    for letter in "\\[]:":
        text = text.replace(letter, f"\\{letter}")
    return text


def _zsh_pair(name: str, help_: str) -> str:
    escaped = name.replace(":", "\\:")
    return shlex.quote(f"{escaped}:{help_}")


def _zsh_action(word: Word) -> str:
    if word.choices:
        return f"({' '.join(word.choices)})"
    if word.kind in _ASKED:
        return f" _aiops_desktop_names {word.kind}"  # the blank: no words of its own
    return {"file": "_files", "folder": "_files -/"}.get(word.kind, " false")


def _zsh_options(command: Command) -> Iterator[str]:
    for word in command.options:
        for name in word.names:
            star = "*" if word.many else ""
            spec = f"{star}{name}[{_zsh_text(word.help or word.name)}]"
            if word.kind != "flag":
                spec += f":{_zsh_text(word.name)}:{_zsh_action(word)}"
            yield shlex.quote(spec)


def _zsh_arguments(command: Command) -> Iterator[str]:
    for number, word in enumerate(command.arguments, 1):
        place = "*" if word.many else str(number)
        colon = "::" if word.optional and not word.many else ":"
        yield shlex.quote(f"{place}{colon}{_zsh_text(word.name)}:{_zsh_action(word)}")


_ZSH = """#compdef aiops-desktop
# zsh completion for aiops-desktop; made by “aiops-desktop completion zsh”.
_aiops_desktop_names() {{
  local -a found=(${{(f)"$(aiops-desktop names $1 2>/dev/null)"}})
  compadd -a found
}}

_aiops-desktop() {{
  local at='' next depth=1
  local -a known=({known})
  while (( depth + 1 < CURRENT )); do
    next=${{at:+$at/}}$words[depth+1]
    (( ${{known[(Ie)$next]}} )) || break
    at=$next
    (( depth++ ))
  done
  shift $(( depth - 1 )) words
  (( CURRENT -= depth - 1 ))
  case $at in
{cases}
  esac
}}
if [[ $funcstack[1] == _aiops-desktop ]]; then
  _aiops-desktop "$@"
else
  compdef _aiops-desktop aiops-desktop
fi
"""

# fish --------------------------------------------------------------------------------------------


def _fish_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _fish_offer(word: Word) -> str:
    if word.choices:
        return f"-a {_fish_text(' '.join(word.choices))}"
    if word.kind in _ASKED:
        return f"-a '(aiops-desktop names {word.kind} 2>/dev/null)'"
    if word.kind == "folder":
        return "-a '(__fish_complete_directories)'"
    return "-F" if word.kind == "file" else ""


def _fish_option(word: Word) -> str:
    parts = []
    for name in word.names:
        parts.append(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}")
    if word.kind != "flag":
        parts.append("-r" if word.kind == "file" else "-x")
        parts.append(_fish_offer(word))
    if word.help:
        parts.append(f"-d {_fish_text(word.help)}")
    return " ".join(part for part in parts if part)


_FISH = """# fish completion for aiops-desktop; made by “aiops-desktop completion fish”.
function __aiops_desktop_at
    set -l known {known}
    set -l at
    for word in (commandline -opc)[2..-1]
        set -l next (string join -- / $at $word)
        contains -- $next $known; and set at $at $word
    end
    set -q at[1]; or set at none
    test (string join -- / $at) = $argv[1]
end
complete -c aiops-desktop -f"""
