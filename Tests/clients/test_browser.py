"""A person with a real browser: signing in, consenting, opening a public link on a phone."""

import hashlib
import os
import re
import subprocess
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
from selenium.common.exceptions import WebDriverException  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.support.wait import WebDriverWait  # noqa: E402

PHONE = (390, 844)
DESK = (1200, 900)


def dossier(server, *arguments, stdin=None):
    """Runs an administrator's command beside the server."""
    return subprocess.run(
        [os.environ["DOSSIER_BINARY"], *arguments, "--data", server.data_folder],
        check=True, capture_output=True, text=True, input=stdin).stdout.strip()


class Application:
    """What waits for a browser to come back with a code."""

    def __init__(self):
        self.queries = []
        application = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                address = urllib.parse.urlsplit(self.path)
                # A browser asks for an icon too.
                if address.path == "/back":
                    application.queries.append(address.query)
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b"<title>Back</title>Welcome back")

            def log_message(self, *_):
                pass

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.uri = f"http://127.0.0.1:{self.http.server_port}/back"

    def answer(self):
        for _ in range(100):
            if self.queries:
                return dict(urllib.parse.parse_qsl(self.queries.pop()))
            time.sleep(0.1)
        raise AssertionError("the browser did not come back")

    def close(self):
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture
def application():
    waiting = Application()
    yield waiting
    waiting.close()


@pytest.fixture
def browser(tmp_path, request):
    width, height = getattr(request, "param", DESK)
    options = webdriver.ChromeOptions()
    for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--window-size={width},{height}"]:
        options.add_argument(argument)
    # The development CA is not in the browser's own store.
    options.accept_insecure_certs = True
    options.add_experimental_option("prefs", {"download.default_directory": str(tmp_path)})
    if (width, height) == PHONE:
        options.add_experimental_option(
            "mobileEmulation", {"deviceMetrics": {"width": width, "height": height, "pixelRatio": 2.0}})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
    driver.set_page_load_timeout(60)
    # A click does not wait for the page it leads to.
    driver.implicitly_wait(30)
    yield driver
    driver.quit()


def shot(driver, name):
    folder = os.environ.get("DOSSIER_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        driver.save_screenshot(f"{folder}/{name}.png")


def complaints(driver):
    """What the browser itself found wrong: blocked by a policy, broken, or missing."""
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]


def fits(driver):
    """True when nothing sticks out to the side."""
    return driver.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")


def press(driver, value):
    """Presses a button and waits until its page is gone: an address asked for sooner may be overtaken by the form."""
    button = driver.find_element(By.CSS_SELECTOR, f"button[value={value}]")

    def is_gone(_):
        try:
            button.is_enabled()
            return False
        except WebDriverException:
            return True

    button.click()
    WebDriverWait(driver, 20).until(is_gone)


def sign_in(driver, login, password):
    for name, text in [("login", login), ("password", password)]:
        field = driver.find_element(By.NAME, name)
        field.clear()
        field.send_keys(text)
    press(driver, "sign-in")


def new_application(server, application, tag):
    made = dossier(server, "application", "create", f"Sync {tag}", "--redirect-uri", application.uri)
    return {key: value for key, value in (line.split() for line in made.splitlines())}


@pytest.mark.parametrize("browser", [PHONE, DESK], indirect=True, ids=["phone", "desk"])
def test_consent_leads_back_with_a_code_that_becomes_tokens(server, browser, application, tag):
    made = new_application(server, application, tag)
    browser.get(f"{server.portal_url}/oauth/authorize/?client_id={made['client_id']}&state={tag}")
    assert f"Sync {tag}" in browser.page_source
    assert fits(browser)
    shot(browser, "sign-in")
    sign_in(browser, "admin", "not the password")
    assert browser.find_element(By.CSS_SELECTOR, "[role=alert]").is_displayed()
    # The browser notes the refusal's status; reading the notes forgets them.
    assert all("status of 403" in complaint for complaint in complaints(browser))
    sign_in(browser, "admin", server.console_password)
    assert fits(browser)
    shot(browser, "consent")
    press(browser, "allow")
    answer = application.answer()
    assert answer["state"] == tag
    assert answer["domain"] == server.domain
    assert re.fullmatch("[0-9a-f]{32}", answer["member_id"])

    tokens = requests.get(f"{server.portal_url}/oauth/token/", params={
        "grant_type": "authorization_code", "client_id": made["client_id"], "client_secret": made["client_secret"],
        "code": answer["code"]})
    assert tokens.status_code == 200, tokens.text
    called = requests.post(f"{server.portal_url}/rest/profile", json={"auth": tokens.json()["access_token"]})
    assert called.json()["result"]["ID"] == "1"
    assert not complaints(browser)


def test_refusing_keeps_the_code(server, browser, application, tag):
    made = new_application(server, application, tag)
    browser.get(f"{server.portal_url}/oauth/authorize?client_id={made['client_id']}")
    sign_in(browser, "admin", server.console_password)
    press(browser, "refuse")
    assert browser.current_url.startswith(server.portal_url)
    assert application.queries == []
    # Still signed in: consent is asked for at once, until the person signs out.
    browser.get(f"{server.portal_url}/oauth/authorize?client_id={made['client_id']}")
    press(browser, "sign-out")
    browser.get(f"{server.portal_url}/oauth/authorize?client_id={made['client_id']}")
    assert browser.find_element(By.NAME, "password").is_displayed()


def test_consent_at_the_amocrm_door(server, browser, application, tag):
    made = new_application(server, application, tag)
    browser.get(f"{server.amo_url}/oauth?client_id={made['client_id']}&state={tag}&mode=popup")
    sign_in(browser, "admin", server.console_password)
    press(browser, "allow")
    answer = application.answer()
    assert answer["state"] == tag and answer["client_id"] == made["client_id"]
    tokens = requests.post(f"{server.amo_url}/oauth2/access_token", json={
        "grant_type": "authorization_code", "client_id": made["client_id"], "client_secret": made["client_secret"],
        "code": answer["code"], "redirect_uri": application.uri})
    assert tokens.status_code == 200, tokens.text
    account = requests.get(
        f"{server.amo_url}/api/v4/account?with=drive_url",
        headers={"Authorization": f"Bearer {tokens.json()['access_token']}"})
    assert account.json()["drive_url"] == server.drive_url


def upload(server, folder, name, content):
    import base64
    answer = requests.post(f"{server.webhook_url}disk.folder.uploadfile", json={
        "id": folder, "data": {"NAME": name}, "fileContent": [name, base64.b64encode(content).decode()]})
    return answer.json()["result"]["ID"]


def own_folder(server, name):
    drives = requests.get(f"{server.webhook_url}disk.storage.getlist").json()["result"]
    root = next(drive["ROOT_OBJECT_ID"] for drive in drives if drive["ENTITY_TYPE"] == "user")
    made = requests.post(f"{server.webhook_url}disk.folder.addsubfolder", json={"id": root, "data": {"NAME": name}})
    return made.json()["result"]["ID"]


def downloaded(folder, name):
    for _ in range(100):
        found = folder / name
        if found.exists() and not list(folder.glob("*.crdownload")):
            return found.read_bytes()
        time.sleep(0.1)
    raise AssertionError(f"nothing was downloaded: {list(folder.iterdir())}")


@pytest.mark.parametrize("browser", [PHONE], indirect=True, ids=["phone"])
def test_a_shared_folder_opens_on_a_phone(server, browser, tmp_path, tag, content):
    folder = own_folder(server, f"Shared {tag}")
    name = "Договор <b> & очень длинное имя без конца и без края, которое не помещается на экране.txt"
    name = name.replace("<b> ", "")
    upload(server, folder, name, content)
    link = requests.post(f"{server.webhook_url}disk.folder.getexternallink", json={"id": folder}).json()["result"]
    browser.get(link)
    assert name in browser.find_element(By.TAG_NAME, "main").text
    assert fits(browser)
    shot(browser, "shared-folder")
    browser.find_element(By.PARTIAL_LINK_TEXT, "Договор").click()
    assert fits(browser)
    shot(browser, "shared-file")
    browser.find_element(By.LINK_TEXT, "Download").click()
    assert hashlib.sha256(downloaded(tmp_path, name)).digest() == hashlib.sha256(content).digest()
    assert not complaints(browser)


@pytest.mark.parametrize("browser", [PHONE], indirect=True, ids=["phone"])
def test_a_link_with_a_password(server, browser, tmp_path, tag, content):
    file = upload(server, own_folder(server, f"Locked {tag}"), "locked.bin", content)
    link = dossier(
        server, "link", "create", str(file), "--password-stdin", "--public-url", server.portal_url,
        stdin="open sesame\n")
    browser.get(link)
    assert "locked.bin" not in browser.page_source
    shot(browser, "link-password")
    browser.find_element(By.NAME, "password").send_keys("wrong one")
    browser.find_element(By.CSS_SELECTOR, "form button").click()
    assert browser.find_element(By.CSS_SELECTOR, "[role=alert]").is_displayed()
    browser.find_element(By.NAME, "password").send_keys("open sesame")
    browser.find_element(By.CSS_SELECTOR, "form button").click()
    browser.find_element(By.LINK_TEXT, "Download").click()
    assert downloaded(tmp_path, "locked.bin") == content
