"""The console's files: all that lies in the folder, as what it is, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from serving.pages import FOLDER, TYPES, page_of

FILES = sorted(one.relative_to(FOLDER).as_posix() for one in FOLDER.rglob("*") if one.is_file())
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
STRICT = {
    "cache-control": "no-cache",
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


def test_the_first_page_comes_without_a_name_and_may_do_nothing_but_what_is_its_own(client):
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.content == (FOLDER / "index.html").read_bytes()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert {name: answer.headers.get(name) for name in STRICT} == STRICT
    assert "set-cookie" not in answer.headers


def test_every_file_of_the_folder_is_sent_as_what_it_is(client):
    assert {"html", "css", "js"} <= {name.rpartition(".")[2] for name in FILES}
    for name in FILES:
        answer = client.get(f"/console/{name}")
        assert answer.status_code == 200, name
        assert answer.content == (FOLDER / name).read_bytes()
        assert answer.headers["content-type"] == TYPES[name.rpartition(".")[2]]
        assert {one: answer.headers.get(one) for one in STRICT} == STRICT


def test_what_a_browser_has_already_is_not_sent_again(client):
    first = client.get("/")
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get("/", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert {name: again.headers.get(name) for name in STRICT} == STRICT
    for other in ('"other"', tag.strip('"'), ""):
        assert client.get("/", headers={"If-None-Match": other}).status_code == 200


def test_a_tag_is_that_of_the_content(tmp_path: Path):
    (tmp_path / "a.js").write_text("1", encoding="utf-8")
    before = page_of("a.js", folder=tmp_path)
    (tmp_path / "a.js").write_text("2", encoding="utf-8")
    after = page_of("a.js", folder=tmp_path)
    assert before is not None
    assert after is not None
    assert before.etag != after.etag
    assert after.content == b"2"


def test_the_head_of_a_file_is_all_but_its_content(client):
    for path in ("/", f"/console/{FILES[0]}"):
        whole, head = client.get(path), client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers == whole.headers
    assert client.head("/console/none.js").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *("", "/", "/css", "/css/", "/js", "/none.js", "/index", "/index.html/", "/INDEX.HTML"),
        *("/%2e%2e/pages.py", "/..%2fpages.py", "/js/%2e%2e/%2e%2e/pages.py", "/%2e/index.html"),
        *("//index.html", "/js//main.js", "/%2Findex.html", "/..%5cpages.py"),
        *("/%2e%2e/console/index.html", "/js/%2e%2e/index.html", "/%252e%252e/pages.py"),
        *("//etc/passwd", "/%2fetc%2fpasswd", "/.hidden.js", "/js/.hidden.js", "/index.html%00"),
        *("/index.html%00.js", "/index.html%0a.js", "/ index.html", "/żółć.js", "/%ff.js"),
        *("/" + "a/" * 500 + "a.js", "/" + "a" * 5_000 + ".js", "/__init__.py", "/README.md"),
    ],
)
def test_nothing_else_is_there(client, path):
    answer = client.get(f"http://localhost/console{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-route")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_link_that_leads_out_of_the_folder_leads_nowhere(tmp_path: Path):
    folder = tmp_path / "console"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("x", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "folder.txt").mkdir()
    (folder / "plain.txt").write_text("y", encoding="utf-8")
    names = ("link.txt", "folder.txt", "../secret.txt", "plain.exe", "plain.txt")
    assert [page_of(one, folder=folder) is not None for one in names] == [False] * 4 + [True]


def test_a_page_is_only_read(client):
    for path in ("/", "/console/index.html"):
        answer = client.post(path)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_an_open_service_shows_it_under_its_own_names_alone(client):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 421
    assert client.get("/", headers={"Origin": "https://evil.example"}).status_code == 403
