"""amoCRM: lists, edits, trash and links, as clients written with requests ask for them."""

import pytest
import requests

from amo_uploaders import UfeePHP


@pytest.fixture
def api(http_server):
    session = requests.Session()
    session.headers.update(http_server.amo_headers)
    return session


@pytest.fixture
def upload(http_server):
    uploader = UfeePHP(http_server)
    return lambda name, content=b"x", media_type="text/plain": uploader.upload(name, content, media_type)


@pytest.fixture
def files(http_server, api):
    """Asks for a list; gives the names, or None for 204."""
    def ask(query, **options):
        answer = api.get(f"{http_server.drive_url}/v1.0/files", params=query, timeout=20, **options)
        if answer.status_code == 204:
            assert answer.content == b""
            return None
        assert answer.status_code == 200, answer.text
        return [file["name"] for file in answer.json()["_embedded"]["files"]]
    return ask


def test_extensions_in_every_bracket_form(upload, files, tag):
    for name in ["one.pdf", "two.PNG", "three.txt", "four"]:
        upload(f"{tag} {name}")
    term = ("filter[term]", tag)
    both = [f"{tag} two", f"{tag} one"]
    assert files([term, ("filter[extensions][]", "pdf"), ("filter[extensions][]", "png")]) == both
    assert files([term, ("filter[extensions][0]", "pdf"), ("filter[extensions][1]", "png")]) == both
    assert files([term, ("filter[extensions]", "pdf")]) == [f"{tag} one"]
    assert files([term, ("filter[extensions][]", "")]) == [f"{tag} four"]
    assert files(f"filter[term]={tag}&filter[extensions][]=txt") == [f"{tag} three"]


def test_the_vendors_own_query(upload, http_server, api, tag):
    for number in range(3):
        upload(f"{tag} {number}.png", b"x" * (number + 1), "image/png")
    query = (
        "filter%5Bextensions%5D%5B%5D=bmp&filter%5Bextensions%5D%5B%5D=jpeg&filter%5Bextensions%5D%5B%5D=jpg"
        f"&filter%5Bextensions%5D%5B%5D=png&filter%5Bis_filter%5D=true&filter%5Bterm%5D={tag}"
        "&filter%5Bsize%5D%5Bunit%5D=1000000&limit=2&page=1")
    first = api.get(f"{http_server.drive_url}/v1.0/files?{query}", timeout=20).json()
    assert (first["_count"], set(first["_links"])) == (2, {"self", "next"})
    assert first["_links"]["next"]["href"].startswith(http_server.drive_url + "/v1.0/files?")
    second = api.get(first["_links"]["next"]["href"], timeout=20).json()
    assert (second["_count"], "next" in second["_links"]) == (1, False)
    names = [file["name"] for page in (first, second) for file in page["_embedded"]["files"]]
    assert names == [f"{tag} {number}" for number in (2, 1, 0)]


@pytest.mark.parametrize("preset", [
    "day", "tomorrow", "yesterday", "week", "previous_week", "next_week", "month", "next_month", "previous_month",
    "quarter", "previous_quarter", "next_quarter", "last_3_days", "next_3_days", "last_6_month", "year"])
def test_presets(upload, files, tag, preset):
    upload(f"{tag}.txt")
    now = {"day", "week", "month", "quarter", "last_3_days", "next_3_days", "last_6_month", "year"}
    expected = [tag] if preset in now else None
    assert files([("filter[term]", tag), ("filter[date][date_preset]", preset)]) == expected


def test_bad_filters(http_server, api):
    for query in [
        "filter[date][date_preset]=fortnight", "filter[date][type]=deleted_at", "filter[size][from]=big",
        "filter[uuid]=nonsense", "limit=0", "limit=x", "page=x", "filter[created_by][]=me",
    ]:
        answer = api.get(f"{http_server.drive_url}/v1.0/files?{query}", timeout=20)
        assert answer.status_code == 400, query
        assert answer.json()["status"] == 400


def test_the_official_library_renames(upload, http_server, api, tag):
    file = upload(f"{tag}.txt")
    url = f"{http_server.drive_url}/v1.0/files/{file['uuid']}"
    # It sends back every property it has read.
    body = {"uuid": file["uuid"], "name": "Новое имя", "version_uuid": file["version_uuid"],
            "updated_by": file["updated_by"], "created_by": file["created_by"], "request_id": "0"}
    changed = api.patch(url, json=body, timeout=20)
    assert (changed.status_code, changed.json()["name"]) == (200, "Новое имя")
    assert changed.json()["metadata"]["extension"] == "txt"
    assert requests.get(file["_links"]["download"]["href"], timeout=20).content == b"x"
    assert api.patch(url, json={"name": ""}, timeout=20).status_code == 400
    assert api.patch(url, json={"version_uuid": "x"}, timeout=20).status_code == 400
    assert api.patch(url, json={}, timeout=20).status_code == 200


def test_trash_and_restore(upload, files, http_server, api, tag):
    first, second = upload(f"{tag} 1.txt"), upload(f"{tag} 2.txt")
    both = [{"uuid": first["uuid"]}, {"uuid": second["uuid"]}]
    url = f"{http_server.drive_url}/v1.0/files"
    gone = api.delete(url, json=both, timeout=20)
    assert (gone.status_code, gone.content) == (204, b"")
    assert files([("filter[term]", tag)]) is None
    assert files([("filter[term]", tag), ("filter[deleted]", "")]) is not None
    assert api.get(f"{url}/{first['uuid']}", timeout=20).status_code == 404
    assert api.delete(url, json=[{"file_uuid": first["uuid"]}], timeout=20).status_code == 400
    back = api.post(f"{url}/restore", json=both, timeout=20)
    assert [(file["uuid"], file["is_trashed"]) for file in back.json()["_embedded"]["files"]] == [
        (first["uuid"], False), (second["uuid"], False)]
    assert files([("filter[term]", tag)]) == [f"{tag} 2", f"{tag} 1"]


@pytest.mark.parametrize("kind", ["leads", "contacts", "companies", "customers"])
def test_links(upload, http_server, api, tag, kind):
    made = [upload(f"{tag} {number}.txt")["uuid"] for number in range(5)]
    entities = f"{http_server.amo_url}/api/v4/{kind}"
    body = {"name": f"Сущность {tag}"} | ({"next_date": 1893456000} if kind == "customers" else {})
    added = api.post(entities, json=[body], timeout=20)
    assert added.status_code == 200, added.text
    assert added.headers["Content-Type"].startswith("application/hal+json")
    entity = added.json()["_embedded"][kind][0]["id"]
    url = f"{entities}/{entity}/files"
    assert api.get(url, timeout=20).status_code == 204
    linked = api.put(url, json=[{"file_uuid": uuid} for uuid in made], timeout=20)
    assert (linked.status_code, linked.content) == (202, b"")

    seen, before = [], None
    while True:
        page = api.get(url, params={"limit": 2} | ({"before_id": before} if before else {}), timeout=20)
        if page.status_code == 204:
            break
        found = page.json()["_embedded"]["files"]
        seen += found
        before = min(link["id"] for link in found)
        if len(found) < 2:
            break
    assert [link["file_uuid"] for link in seen] == made[::-1]
    assert sorted((link["id"] for link in seen), reverse=True) == [link["id"] for link in seen]

    back = api.get(f"{http_server.amo_url}/api/v4/files/{made[0]}/links", timeout=20).json()
    assert [(found["id"], found["entity_type"]) for found in back["entities"]] == [(entity, kind)]
    assert api.delete(url, json=[{"file_uuid": made[0]}], timeout=20).status_code == 202
    assert len(api.get(url, timeout=20).json()["_embedded"]["files"]) == 4
    unknown = api.put(url, json=[{"file_uuid": "367b9f38-5f01-4cea-947e-dfab47aea522"}], timeout=20)
    assert unknown.status_code == 400
    assert unknown.headers["Content-Type"].startswith("application/problem+json")


def test_the_account(http_server, api):
    account = api.get(f"{http_server.amo_url}/api/v4/account?with=drive_url,uuid,version", timeout=20)
    assert account.headers["Content-Type"].startswith("application/hal+json")
    assert "X-Request-Id" in account.headers
    found = account.json()
    assert found["drive_url"] == http_server.drive_url
    for name in ["id", "created_at", "updated_at", "created_by", "updated_by", "current_user_id", "version",
                 "mobile_feature_version", "contact_name_display_order"]:
        assert type(found[name]) is int, name
    for name in ["is_unsorted_on", "is_loss_reason_enabled", "is_helpbot_enabled", "is_technical_account"]:
        assert type(found[name]) is bool, name


def test_no_token_and_a_bad_token(http_server):
    for headers in [{}, {"Authorization": "Bearer garbage"}, {"Authorization": "Basic eDp5"}]:
        answer = requests.get(f"{http_server.drive_url}/v1.0/files", headers=headers, timeout=20)
        assert answer.status_code == 401
        assert answer.headers["Content-Type"].startswith("application/json")
        answer = requests.get(f"{http_server.amo_url}/api/v4/account", headers=headers, timeout=20)
        assert answer.status_code == 401
        assert answer.headers["Content-Type"].startswith("application/problem+json")
