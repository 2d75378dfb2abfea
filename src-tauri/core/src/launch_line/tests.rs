use proptest::prelude::*;

use super::LaunchLine;
use super::shell_line;
use super::shell_line::Dialect;

/// What a line tells, as `runner ecosystem key=value …`; what is not told is left out.
fn told(line: &LaunchLine) -> String {
    let name = |value: serde_json::Result<serde_json::Value>| match value {
        Ok(serde_json::Value::String(name)) => name,
        other => panic!("{other:?} is no name"),
    };
    let mut told =
        format!("{} {}", name(serde_json::to_value(line.runner)), name(serde_json::to_value(line.ecosystem)));
    let wrappers = (!line.wrappers.is_empty()).then(|| line.wrappers.join("/"));
    for (key, value) in [
        ("in", &wrappers),
        ("package", &line.package),
        ("version", &line.version),
        ("pin", &line.pin.map(|pin| name(serde_json::to_value(pin)))),
        ("entry", &line.entry),
        ("module", &line.module),
        ("target", &line.target),
        ("bridge", &line.bridge),
        ("to", &line.bridge_url),
        ("evaluates", &line.evaluates),
        ("unknown", &line.unknown.map(str::to_owned)),
    ] {
        if let Some(value) = value {
            told += &format!(" {key}={value}");
        }
    }
    if line.uses_cwd { told + " cwd" } else { told }
}

/// Compares a reading. Words are split at blanks and quotes; backslashes stand for themselves.
fn check(line: &str, expected: &str) {
    let words = shell_line::read(line, Dialect::PowerShell).map(|it| [it.assignments, it.words].concat());
    let words = words.unwrap_or_else(|reason| panic!("{line}: {reason}"));
    assert_eq!(told(&LaunchLine::of_command(&words[0], &words[1..])), expected, "{line}");
}

fn check_all(rows: &[(&str, &str)]) {
    for (line, expected) in rows {
        check(line, expected);
    }
}

#[test]
fn npm_packages() {
    check_all(&[
        ("npx a", "npx npm package=a pin=none"),
        ("npx -y @s/a@1.2.3 --flag x", "npx npm package=@s/a version=1.2.3 pin=exact"),
        ("npx --yes a@v1.2.3-rc.1+b", "npx npm package=a version=v1.2.3-rc.1+b pin=exact"),
        ("npx a@latest", "npx npm package=a version=latest pin=latest"),
        ("npx a@next", "npx npm package=a version=next pin=tag"),
        ("npx a@1", "npx npm package=a version=1 pin=range"),
        ("npx '@s/a@^1.2'", "npx npm package=@s/a version=^1.2 pin=range"),
        ("npx 'a@>=1.2.3'", "npx npm package=a version=>=1.2.3 pin=range"),
        ("npx 'a@1.x || 2'", "npx npm package=a version=1.x || 2 pin=range"),
        ("npx a@", "npx npm package=a pin=none"),
        ("npx --registry https://r.test a", "npx npm package=a pin=none"),
        ("npx -- a", "npx npm package=a pin=none"),
        ("npx --package=a@1.0.0 b c", "npx npm package=a version=1.0.0 pin=exact entry=b"),
        ("npx -yp a b", "npx npm package=a pin=none entry=b"),
        ("npx -p a -p c b", "npx npm package=a pin=none entry=b unknown=several packages are fetched for it"),
        ("npx -p a -c 'b | c'", "npx npm package=a pin=none evaluates=npx -c cwd"),
        ("npx -c 'a'", "npx unknown evaluates=npx -c unknown=the line is handed to a shell cwd"),
        ("npx", "npx unknown unknown=no package is named"),
        ("npx x@npm:@s/a@1.0.0", "npx npm package=@s/a version=1.0.0 pin=exact"),
        ("npx x@npm:y@npm:z", "npx unknown pin=none unknown=the package is no name of a package"),
        ("npx jsr:@s/a@1.0.0", "npx jsr package=@s/a version=1.0.0 pin=exact"),
        ("npx '${input:package}'", "npx unknown pin=none unknown=the package is a placeholder"),
        ("npx 'a@${VERSION}'", "npx npm package=a version=${VERSION} pin=none unknown=the version is a placeholder"),
        ("npx ../a", "npx local target=../a cwd"),
        ("npx /opt/a", "npx local target=/opt/a"),
        ("npx ./a.tgz", "npx local target=./a.tgz cwd"),
        ("npx https://h.test/a.tgz", "npx unknown pin=none unknown=the package is an archive at a web address"),
        ("npx tsx src/a.ts", "npx npm package=tsx pin=none target=src/a.ts cwd"),
        ("npx 'a b'", "npx unknown pin=none unknown=the package is no name of a package"),
        ("npm exec a", "npx npm package=a pin=none"),
        ("npm x -y -- a@1.0.0 -p b", "npx npm package=a version=1.0.0 pin=exact"),
        ("npm exec b --package=a -- c", "npx npm package=a pin=none entry=b"),
        ("bunx --bun a@1.0.0", "bunx npm package=a version=1.0.0 pin=exact"),
        ("bun x a", "bunx npm package=a pin=none"),
        ("pnpm dlx a", "pnpm-dlx npm package=a pin=none"),
        ("pnpm --package=a dlx b", "pnpm-dlx npm package=a pin=none entry=b"),
        ("pnpx a", "pnpm-dlx npm package=a pin=none"),
        ("yarn dlx -p a b", "yarn-dlx npm package=a pin=none entry=b"),
        (r"'C:\Program Files\nodejs\npx.cmd' -y a", "npx npm package=a pin=none"),
        ("./node_modules/.bin/npx a", "npx npm package=a pin=none cwd"),
    ]);
}

#[test]
fn git_repositories() {
    let commit = "0123456789abcdef0123456789abcdef01234567";
    check_all(&[
        ("npx github:o/r", "npx git package=github.com/o/r pin=git-head"),
        ("npx github:o/r#v1", "npx git package=github.com/o/r version=v1 pin=git-ref"),
        ("npx o/r#main", "npx git package=github.com/o/r version=main pin=git-ref"),
        ("npx git+ssh://git@H.test:22/o/r.git#semver:^1", "npx git package=h.test/o/r version=semver:^1 pin=git-ref"),
        ("npx git@github.com:o/r.git", "npx git package=github.com/o/r pin=git-head"),
        ("npx git+https://user:token@github.com/o/r", "npx git package=github.com/o/r pin=git-head"),
        ("npx https://github.com/o/r", "npx git package=github.com/o/r pin=git-head"),
        ("npx -p a@github:o/r b", "npx git package=github.com/o/r pin=git-head entry=b"),
        (
            "npx https://github.com/o/r/archive/v1.tar.gz",
            "npx unknown pin=none unknown=the package is an archive at a web address",
        ),
        ("uvx --from git+https://github.com/o/r@v1 b", "uvx git package=github.com/o/r version=v1 pin=git-ref entry=b"),
        (
            "uvx --from git+https://github.com/o/r.git#subdirectory=x b",
            "uvx git package=github.com/o/r pin=git-head entry=b",
        ),
        ("uvx --from 'a @ git+ssh://git@github.com/o/r' b", "uvx git package=github.com/o/r pin=git-head entry=b"),
        ("npx 'github:${OWNER}/r'", "npx unknown pin=none unknown=the repository is not named"),
        ("npx git+https://h.test", "npx unknown pin=none unknown=the repository is not named"),
    ]);
    check(
        &format!("uvx --from git+https://github.com/o/r@{commit} b"),
        &format!("uvx git package=github.com/o/r version={commit} pin=digest entry=b"),
    );
}

#[test]
fn python_packages() {
    check_all(&[
        ("uvx a_b.c", "uvx pypi package=a_b.c pin=none"),
        ("uvx a@latest", "uvx pypi package=a version=latest pin=latest"),
        ("uvx a@0.0.1a4", "uvx pypi package=a version=0.0.1a4 pin=exact"),
        ("uvx a[x,y]@1.0", "uvx pypi package=a version=1.0 pin=exact"),
        ("uvx --python 3.12 --with b a", "uvx pypi package=a pin=none"),
        ("uvx --index-url https://i.test -p3.12 a", "uvx pypi package=a pin=none"),
        ("uvx --from a[x]==1.2 b", "uvx pypi package=a version=1.2 pin=exact entry=b"),
        ("uvx --from=a==1.* b", "uvx pypi package=a version=1.* pin=range entry=b"),
        ("uvx --from 'a~=1.2' b", "uvx pypi package=a version=~=1.2 pin=range entry=b"),
        ("uvx --from 'a>=1,<2' b", "uvx pypi package=a version=>=1,<2 pin=range entry=b"),
        ("uvx --from 'a[x]>=1; python_version>\"3\"' b", "uvx pypi package=a version=>=1 pin=range entry=b"),
        ("uvx --from . b", "uvx local entry=b target=. cwd"),
        ("uvx --from ./dist/a.whl b", "uvx local entry=b target=./dist/a.whl cwd"),
        (
            "uvx --from https://h.test/a.whl b",
            "uvx unknown pin=none entry=b unknown=the package is an archive at a web address",
        ),
        ("uvx 'a==${V}'", "uvx pypi package=a version=${V} pin=none unknown=the version is a placeholder"),
        ("uvx 'a-${V}'", "uvx unknown pin=none unknown=the package is a placeholder"),
        ("uvx '${PKG}'", "uvx unknown pin=none unknown=the package is a placeholder"),
        ("uvx", "uvx unknown pin=none unknown=no package is named"),
        ("uvx --from mcp mcp run a.py", "uvx pypi package=mcp pin=none entry=mcp target=a.py cwd"),
        ("uvx --with a python -m b", "uvx local module=b cwd"),
        ("uv pip install a", "binary local target=uv unknown=the sub-command is not known"),
        ("uv tool run a==1.0", "uvx pypi package=a version=1.0 pin=exact"),
        ("uv --offline tool run a", "uvx pypi package=a pin=none"),
        ("pipx run a==1.0", "pipx-run pypi package=a version=1.0 pin=exact"),
        ("pipx run --spec a[x] b", "pipx-run pypi package=a pin=none entry=b"),
        ("python -m pipx run a", "pipx-run pypi in=python -m package=a pin=none cwd"),
        ("uv run a", "uv-run local entry=a cwd"),
        ("uv run --directory /x a", "uv-run local entry=a"),
        ("uv --directory sub run a.py", "uv-run local target=a.py cwd"),
        ("uv run -m a.b", "uv-run local module=a.b cwd"),
        ("uv run python -m a.b", "uv-run local module=a.b cwd"),
        ("uv run python -c 'x'", "uv-run local evaluates=python -c unknown=the code stands in the line cwd"),
        ("uv run --with mcp mcp run /x/a.py", "uv-run local entry=mcp target=/x/a.py cwd"),
        ("uv run https://h.test/a.py", "uv-run unknown unknown=the code comes from a web address cwd"),
    ]);
}

#[test]
fn images() {
    let digest = "sha256:244fd47e07d1004f0aed9c244fd47e07d1004f0aed9c244fd47e07d1004f0aed";
    check_all(&[
        ("docker run -i --rm a/b", "docker-run oci package=a/b pin=none"),
        ("docker run a:latest", "docker-run oci package=a version=latest pin=latest"),
        (
            "docker run -ite A=1 -p8080:80 -v /x:/y h.test:5000/a/b:1.2 -transport x",
            "docker-run oci package=h.test:5000/a/b version=1.2 pin=tag",
        ),
        ("docker run h.test:5000/a", "docker-run oci package=h.test:5000/a pin=none"),
        ("docker --context x container run --network=host --name y a", "docker-run oci package=a pin=none"),
        ("podman run --userns keep-id a", "docker-run oci package=a pin=none"),
        ("nerdctl -n k run a", "docker-run oci package=a pin=none"),
        ("docker run '${IMAGE}'", "docker-run unknown pin=none unknown=the image is a placeholder"),
        (
            "docker run 'a:${TAG}'",
            "docker-run oci package=a version=${TAG} pin=none unknown=the version is a placeholder",
        ),
        ("docker run -i", "docker-run unknown pin=none unknown=no image is named"),
        (
            "docker run node:22 npx -y a",
            "docker-run oci package=node version=22 pin=tag unknown=a launcher inside the container fetches the code",
        ),
        (
            "docker run --entrypoint sh a -c 'x'",
            "docker-run oci package=a pin=none entry=sh evaluates=sh -c unknown=a launcher inside the container fetches the code",
        ),
        (
            "docker exec -i c bash -c 'x && y'",
            "docker-exec local target=-i c bash -c x && y evaluates=bash -c unknown=the image of the container is not named",
        ),
        ("docker compose -f c.yml run s", "docker-compose local target=compose -f c.yml run s cwd"),
        ("docker-compose up", "docker-compose local target=compose up cwd"),
        ("docker mcp gateway run", "docker-mcp local target=mcp gateway run"),
    ]);
    check(&format!("docker run a:1@{digest}"), &format!("docker-run oci package=a version={digest} pin=digest"));
    check("docker run a@sha256:12", "docker-run oci package=a version=sha256:12 pin=none unknown=the digest is none");
}

#[test]
fn local_code() {
    check_all(&[
        ("node build/index.js", "node local target=build/index.js cwd"),
        ("node /x/a.js --require y", "node local target=/x/a.js"),
        ("node --require ./p.js /x/a.js", "node local target=/x/a.js unknown=further code is preloaded cwd"),
        ("node -r dotenv/config /x/a.js", "node local target=/x/a.js unknown=further code is preloaded cwd"),
        ("node --eval 'x'", "node local evaluates=node -e unknown=the code stands in the line cwd"),
        ("node -pe 'x'", "node local evaluates=node -e unknown=the code stands in the line cwd"),
        ("node", "node local unknown=the code comes from standard input"),
        ("node --run mcp", "node local target=--run mcp cwd"),
        ("node '${workspaceFolder}/a.js'", "node local target=${workspaceFolder}/a.js cwd"),
        ("node '${HOME}/a.js'", "node local target=${HOME}/a.js"),
        ("node '${input:file}'", "node local target=${input:file} unknown=the file is a placeholder"),
        ("tsx watch src/a.ts", "tsx local target=src/a.ts cwd"),
        ("bun run start", "bun local target=run start cwd"),
        ("bun run --cwd /x start", "bun local target=run --cwd /x start"),
        ("bun run src/a.ts", "bun local target=src/a.ts cwd"),
        ("bun /x/a.ts", "bun local target=/x/a.ts"),
        ("bun -e x", "bun local evaluates=bun -e unknown=the code stands in the line cwd"),
        ("deno run -A npm:@s/a@1.0.0", "deno npm package=@s/a version=1.0.0 pin=exact"),
        ("deno run --allow-net jsr:@s/a", "deno jsr package=@s/a pin=none"),
        (
            "deno run https://h.test/a.ts",
            "deno unknown target=https://h.test/a.ts unknown=the code comes from a web address",
        ),
        ("deno task mcp", "deno local target=task mcp cwd"),
        ("deno eval x", "deno local evaluates=deno eval unknown=the code stands in the line cwd"),
        ("python3.11 -u scripts/a.py", "python local target=scripts/a.py cwd"),
        (r"C:\venv\Scripts\python.exe C:\x\a.py", r"python local target=C:\x\a.py"),
        ("python -W ignore -m a.b -c x", "python-m local module=a.b cwd"),
        ("python -Im a", "python-m local module=a cwd"),
        ("python -c x", "python local evaluates=python -c unknown=the code stands in the line cwd"),
        ("py -3.11 /x/a.py", "python local target=/x/a.py"),
        (".venv/bin/python /x/a.py", "python local target=/x/a.py cwd"),
        ("php artisan boost:mcp", "php local target=artisan boost:mcp cwd"),
        ("php8.3 -d a=b /x/a.php", "php local target=/x/a.php"),
        ("php -r x", "php local evaluates=php -r unknown=the code stands in the line cwd"),
        ("java -Xmx1g -jar /x/a.jar --jar b", "java local target=/x/a.jar"),
        ("java -cp lib/a.jar x.Main y", "java local entry=x.Main target=lib/a.jar cwd"),
        ("dotnet run --project /x/a.csproj", "dotnet local target=/x/a.csproj"),
        ("dotnet a.dll", "dotnet local target=a.dll cwd"),
        ("cargo +nightly run --manifest-path /x/Cargo.toml --bin a", "cargo-run local entry=a target=/x/Cargo.toml"),
        ("cargo run -q", "cargo-run local cwd"),
        ("npm run start", "npm-run local target=run start cwd"),
        ("npm --prefix /x run start", "npm-run local target=run start"),
        ("npm start", "npm-run local target=start cwd"),
        ("yarn --cwd sub mcp", "npm-run local target=mcp cwd"),
        ("pnpm agent:mcp", "pnpm-script local target=agent:mcp cwd"),
        ("pnpm --filter a run b", "pnpm-script local target=run b cwd"),
        ("go run ./cmd/a", "binary local target=./cmd/a cwd"),
        ("ruby a.rb", "script local target=a.rb cwd"),
        ("perl -e x", "script local evaluates=perl -e unknown=the code stands in the line cwd"),
        ("./run.sh", "script local target=./run.sh cwd"),
        ("bash scripts/a.sh", "script local target=scripts/a.sh cwd"),
        ("/usr/bin/a mcp", "binary local target=/usr/bin/a"),
        ("a --stdio", "binary local target=a"),
        (r"'C:\Program Files\x\a.exe'", r"binary local target=C:\Program Files\x\a.exe"),
        ("'/Applications/My App/a' x", "binary local target=/Applications/My App/a"),
        ("'${input:command}' x", "binary unknown target=${input:command} unknown=the command is a placeholder"),
        ("ssh host npx a", "binary local target=ssh unknown=it runs on another machine"),
        ("''", "none unknown unknown=no command is named"),
    ]);
}

#[test]
fn other_package_worlds() {
    check_all(&[
        ("dnx A.B@1.2.3 --yes", "dnx nuget package=A.B version=1.2.3 pin=exact"),
        ("dnx A.B --version 1.2.3 --yes -- x", "dnx nuget package=A.B version=1.2.3 pin=exact"),
        ("dnx A.B@1.*", "dnx nuget package=A.B version=1.* pin=range"),
        ("dotnet tool exec A.B", "dnx nuget package=A.B pin=none"),
        ("dotnet tool run a", "dotnet local entry=a cwd"),
        ("nix run nixpkgs#a -- x", "nix-run nix package=nixpkgs#a pin=none"),
        ("nix run github:o/r/v1#a", "nix-run nix package=github:o/r/v1#a version=v1 pin=git-ref"),
        ("nix run github:o/r", "nix-run nix package=github:o/r pin=git-head"),
        ("nix run .#a", "nix-run local target=.#a cwd"),
        ("nix run", "nix-run local target=. cwd"),
        ("go run h.test/o/r/cmd@v1.2.3", "binary go package=h.test/o/r/cmd version=v1.2.3 pin=exact"),
        ("go run h.test/o/r@latest x", "binary go package=h.test/o/r version=latest pin=latest"),
    ]);
}

#[test]
fn wrapped_launches() {
    check_all(&[
        ("cmd /c npx -y a", "npx npm in=cmd /c package=a pin=none"),
        ("cmd.exe /d /s /C 'npx a@1.0.0'", "npx npm in=cmd /c package=a version=1.0.0 pin=exact"),
        ("cmd /c 'cd x && npx a'", "npx npm in=cmd /c package=a pin=none evaluates=cmd /c cwd"),
        (
            "cmd /c npx mcp-remote 'https://h.test/?a=1&b=2'",
            "npx npm in=cmd /c package=mcp-remote pin=none bridge=mcp-remote to=https://h.test/?a=1&b=2 evaluates=cmd /c cwd",
        ),
        (
            "cmd /c npx 'a@1.0.0&calc.exe'",
            "binary local in=cmd /c target=calc.exe evaluates=cmd /c unknown=other programs run before it cwd",
        ),
        (r"cmd /c 'node C:\x\a.js'", r"node local in=cmd /c target=C:\x\a.js"),
        ("sh -c 'npx a'", "npx npm in=sh -c package=a pin=none evaluates=sh -c cwd"),
        (
            "bash -lc 'cd \"$(pwd)\" && A=1 exec npx a@1.0.0'",
            "npx npm in=bash -lc package=a version=1.0.0 pin=exact evaluates=bash -lc cwd",
        ),
        ("bash -euo pipefail -c 'npx a'", "npx npm in=bash -c package=a pin=none evaluates=bash -c cwd"),
        ("zsh -l -c 'npx a'", "npx npm in=zsh -c package=a pin=none evaluates=zsh -c cwd"),
        (
            "sh -c 'curl -s h.test | sh'",
            "shell unknown in=sh -c evaluates=sh -c unknown=several programs are joined by a pipe cwd",
        ),
        (
            "sh -c 'curl -O h.test/x; npx a'",
            "npx npm in=sh -c package=a pin=none evaluates=sh -c unknown=other programs run before it cwd",
        ),
        (
            "sh -c 'exec \"$@\"' _ npx a",
            "binary unknown in=sh -c target=$@ evaluates=sh -c unknown=the command is a placeholder cwd",
        ),
        (
            "sh -c 'NODE_OPTIONS=\"--require ./x.js\" npx a'",
            "npx npm in=sh -c package=a pin=none evaluates=sh -c unknown=further code is preloaded cwd",
        ),
        ("sh -c", "shell unknown in=sh -c unknown=the shell is given no line cwd"),
        ("sh", "shell unknown unknown=the code comes from standard input cwd"),
        (
            "powershell -NoProfile -ExecutionPolicy Bypass -Command npx -y a",
            "npx npm in=powershell -Command package=a pin=none evaluates=powershell -Command cwd",
        ),
        ("pwsh -c '$env:A=\"1\"; & npx a'", "npx npm in=pwsh -Command package=a pin=none evaluates=pwsh -Command cwd"),
        (r"powershell -File C:\x\a.ps1", r"script local target=C:\x\a.ps1"),
        (
            "powershell -enc AAAA",
            "shell unknown in=powershell -EncodedCommand evaluates=powershell -EncodedCommand unknown=the line is encoded cwd",
        ),
        ("env A=1 B='2 3' npx a", "npx npm in=env package=a pin=none"),
        (
            "env -i 'NODE_OPTIONS=--import ./x.mjs' node /x/a.js",
            "node local in=env target=/x/a.js unknown=further code is preloaded",
        ),
        ("env -S 'npx -y a'", "npx npm in=env package=a pin=none"),
        ("mise exec node@22 -- npx a", "npx npm in=mise exec package=a pin=none"),
        ("mise x -- uvx a", "uvx pypi in=mise exec package=a pin=none"),
        ("mise mcp", "binary local target=mise"),
        ("wsl.exe -d Ubuntu --cd /x npx a", "npx npm in=wsl package=a pin=none"),
        ("wsl -e bash -lc 'npx a'", "npx npm in=wsl/bash -lc package=a pin=none evaluates=bash -lc cwd"),
        ("sudo -u me npx a", "npx npm in=sudo package=a pin=none"),
        ("op run --env-file=x -- npx a", "npx npm in=op run package=a pin=none"),
        ("timeout -k 5 60 npx a", "npx npm in=timeout package=a pin=none"),
        ("poetry run a", "binary local in=poetry run target=a cwd"),
        ("conda run -n e --no-capture-output python -m a", "python-m local in=conda run module=a cwd"),
        ("nix develop .#x -c npx a", "npx npm in=nix develop package=a pin=none"),
        ("sudo", "shell unknown unknown=the wrapper names no program cwd"),
        ("'npx -y a@1.0.0'", "npx npm in=shell-line package=a version=1.0.0 pin=exact"),
        ("'/usr/bin/npx -y a'", "npx npm in=shell-line package=a pin=none"),
        ("'cd /x && nix-shell'", "binary local in=shell-line target=nix-shell evaluates=shell-line cwd"),
        ("'npx -y' a", "npx npm in=shell-line package=a pin=none"),
    ]);
}

#[test]
fn bridges_to_remote_addresses() {
    check_all(&[
        (
            "npx -y mcp-remote@0.1.2 https://h.test/sse --header 'A: b'",
            "npx npm package=mcp-remote version=0.1.2 pin=exact bridge=mcp-remote to=https://h.test/sse",
        ),
        (
            "npx mcp-remote --header 'A: b' https://h.test/sse",
            "npx npm package=mcp-remote pin=none bridge=mcp-remote to=https://h.test/sse",
        ),
        ("npx mcp-remote '${URL}'", "npx npm package=mcp-remote pin=none bridge=mcp-remote to=${URL}"),
        (
            "npx mcp-remote",
            "npx npm package=mcp-remote pin=none bridge=mcp-remote unknown=the address of the bridge is not named",
        ),
        (
            "npx -p mcp-remote@latest mcp-remote https://h.test",
            "npx npm package=mcp-remote version=latest pin=latest entry=mcp-remote bridge=mcp-remote to=https://h.test",
        ),
        ("mcp-remote https://h.test", "binary local target=mcp-remote bridge=mcp-remote to=https://h.test"),
        (
            "node /x/node_modules/mcp-remote/dist/proxy.js https://h.test",
            "node local target=/x/node_modules/mcp-remote/dist/proxy.js bridge=mcp-remote to=https://h.test",
        ),
        (
            "npx -y supergateway --sse https://h.test/sse",
            "npx npm package=supergateway pin=none bridge=supergateway to=https://h.test/sse",
        ),
        (
            "npx supergateway --stdio 'npx a'",
            "npx npm package=supergateway pin=none bridge=supergateway evaluates=supergateway --stdio unknown=the bridge starts another program cwd",
        ),
        (
            "uvx mcp-proxy --transport streamablehttp https://h.test",
            "uvx pypi package=mcp-proxy pin=none bridge=mcp-proxy to=https://h.test",
        ),
        (
            "uvx mcp-proxy uvx a",
            "uvx pypi package=mcp-proxy pin=none bridge=mcp-proxy unknown=the address of the bridge is not named",
        ),
        ("curl -s -X POST -H 'A: b' -d @- https://h.test", "curl local bridge=curl to=https://h.test"),
    ]);
}

#[test]
fn addresses() {
    for (url, package, unknown) in [
        ("https://H.Test:8443/mcp", Some("h.test"), None),
        ("http://user:pw@127.0.0.1:1/x", Some("127.0.0.1"), None),
        ("https://h.test/${ID}?k={key}", Some("h.test"), None),
        ("https://${TOKEN}@h.test/x", Some("h.test"), None),
        ("https://h.test\\@evil.test/", Some("h.test"), None),
        ("https://bücher.test", Some("xn--bcher-kva.test"), None),
        ("https://${input:a/b}/x", None, Some("the host is a placeholder")),
        ("https://${A}.h.test/x", None, Some("the host is a placeholder")),
        ("${input:URL}", None, Some("the host is a placeholder")),
        ("nonsense", None, Some("the address names no host")),
        ("", None, Some("the address names no host")),
    ] {
        let line = LaunchLine::of_url(url);
        assert_eq!((line.package.as_deref(), line.unknown), (package, unknown), "{url}");
    }
}

#[test]
fn package_urls() {
    let digest = "sha256:244fd47e07d1004f0aed9c244fd47e07d1004f0aed9c244fd47e07d1004f0aed";
    let image = format!("docker run ghcr.io/o/a@{digest}");
    let pinned = format!("pkg:oci/a@{digest}?repository_url=ghcr.io%2Fo%2Fa");
    for (line, expected) in [
        ("npx @s/a@1.2.3", Some("pkg:npm/%40s/a@1.2.3")),
        ("npx a@v1.2.3", Some("pkg:npm/a@1.2.3")),
        ("npx a@^1", Some("pkg:npm/a")),
        ("uvx A_b.c==1.0", Some("pkg:pypi/a-b-c@1.0")),
        ("uvx a@latest", Some("pkg:pypi/a")),
        ("docker run a:1", Some("pkg:oci/a?repository_url=docker.io%2Flibrary%2Fa&tag=1")),
        (&image, Some(pinned.as_str())),
        ("npx github:O/r#v1", Some("pkg:github/o/r@v1")),
        ("npx gitlab:o/r", None),
        ("dnx A.B@1.0.0", Some("pkg:nuget/A.B@1.0.0")),
        ("npx jsr:@s/a", None),
        ("node a.js", None),
    ] {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        assert_eq!(LaunchLine::of_command(&words[0], &words[1..]).purl().as_deref(), expected, "{line}");
    }
}

/// Were any step to go over its input once for each of its parts, this would take many minutes.
#[test]
fn hostile_input_is_read_in_one_pass() {
    let long = 100_000;
    let many = |word: &str| vec![word.to_owned(); 20_000];
    for args in [many("-i"), many("-e"), many("sudo"), many("a@npm:"), many("--"), vec!["-i".repeat(long)]] {
        for command in
            ["npx", "npm", "docker", "env", "sudo", "node", "python", "uvx", "cmd", "sh", "dnx", "nix", "curl"]
        {
            let with_verb: Vec<String> = [String::from("run")].into_iter().chain(args.iter().cloned()).collect();
            LaunchLine::of_command(command, &args).purl();
            LaunchLine::of_command(command, &with_verb).purl();
        }
    }
    for piece in
        ["a@npm:", "$(", "`", "\"", "'", "\\", "&& ", "| ", "${", "npm:", "@", "/", "sh -c ", "%a", "\0", "#", "[", "{"]
    {
        let text = piece.repeat(long / piece.len());
        LaunchLine::of_url(&text);
        LaunchLine::of_url(&format!("https://{text}"));
        LaunchLine::of_command(&text, &[]).purl();
        for command in ["npx", "uvx", "docker", "dnx", "node", "bun"] {
            LaunchLine::of_command(command, &["run".to_owned(), text.clone()]).purl();
            LaunchLine::of_command(command, std::slice::from_ref(&text)).purl();
        }
        for (shell, flag) in [("sh", "-c"), ("cmd", "/c"), ("powershell", "-Command"), ("env", "-S")] {
            LaunchLine::of_command(shell, &[flag.to_owned(), text.clone()]);
            LaunchLine::of_command(shell, &[flag.to_owned(), format!("npx {text}")]);
        }
    }
    // A line that wraps itself over and over ends with a reason.
    let nested = (0..40).fold("npx a".to_owned(), |line, _| format!("sudo {line}"));
    let words: Vec<String> = nested.split(' ').map(str::to_owned).collect();
    let line = LaunchLine::of_command(&words[0], &words[1..]);
    assert_eq!(line.unknown, Some("the launch is wrapped too deeply"));
}

fn word() -> impl Strategy<Value = String> {
    let telling = prop::sample::select(vec![
        "npx",
        "npm",
        "exec",
        "run",
        "x",
        "-y",
        "-p",
        "-c",
        "--package=a",
        "--from",
        "uvx",
        "uv",
        "tool",
        "docker",
        "compose",
        "-it",
        "-e",
        "--",
        "sh",
        "bash",
        "-lc",
        "cmd",
        "/c",
        "powershell",
        "-Command",
        "-enc",
        "env",
        "A=1",
        "mise",
        "wsl",
        "node",
        "bun",
        "deno",
        "python",
        "-m",
        "nix",
        "dnx",
        "git+https://github.com/o/r@é#x",
        "a@1",
        "@s/a@",
        "github:",
        "npm:",
        "a@npm:b",
        "mcp-remote",
        "https://h.test",
        "${A}",
        "é@é",
        "-é",
        "sudo",
        "a && b",
        "$(a",
        "java",
        "-jar",
        "go",
        "cargo",
        "curl",
        "[::1]:x",
        "a[",
        "a==",
        "%",
        "$",
        "\u{0}\u{1b}[2J",
    ]);
    prop_oneof![telling.prop_map(str::to_owned), "\\PC{0,12}", any::<String>()]
}

proptest! {
    #[test]
    fn no_launch_panics(words in prop::collection::vec(word(), 1..9)) {
        let line = LaunchLine::of_command(&words[0], &words[1..]);
        line.purl();
        line.normalized_package();
        prop_assert_eq!(&line, &LaunchLine::of_command(&words[0], &words[1..]));
        // Nothing that could not be a name passes for one.
        if let Some(package) = &line.package {
            prop_assert!(!package.is_empty() && !package.chars().any(|c| c.is_control()), "{package:?}");
        }
        let joined = words.join(" ");
        LaunchLine::of_url(&joined);
        for shell in [["sh", "-c"], ["cmd", "/c"], ["pwsh", "-c"]] {
            LaunchLine::of_command(shell[0], &[shell[1].to_owned(), joined.clone()]);
        }
    }
}
