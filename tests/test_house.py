"""How this house is built, kept as tests: see CONTRIBUTING.md for the reasons."""

import ast
import importlib.util
import inspect
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template.utils import get_app_template_dirs
from django.urls import get_resolver
from modeltranslation.translator import translator

from clavet import catalogues

ROOT = settings.BASE_DIR
OURS = ["accounts", "translations", "network", "fiches", "oer", "rapidresponse", "clavet"]
CODE = sorted(path for app in OURS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())
PAGES = [path for path in TEMPLATES if path.suffix in {".html", ".svg"} and "email" not in path.parts]
FILE_LIMIT, FUNCTION_LIMIT, TEMPLATE_LIMIT = 400, 40, 150
FOUND_BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}

# Every address that a stranger may open, by URL name. Whoever adds one adds it here, and says why in the commit.
PUBLIC = {line for line in (ROOT / "tests/data/public_urls.txt").read_text().splitlines() if line[:1] not in {"", "#"}}


def name(path):
    return str(path.relative_to(ROOT))


def lines(path):
    return len(path.read_text().splitlines())


def committed():
    """Every text file that is or would be committed."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    for path in listed.stdout.splitlines():
        try:
            yield path, (ROOT / path).read_text()
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue


# --- tests -----------------------------------------------------------------------------------------------------


def test_tests_are_called_the_same_in_every_process(request):
    """Binary parameters need an id of their own: a ZIP file holds the time, and two processes then disagree."""
    binary = re.compile(r"\\x[01][0-9a-f].*\\x[01][0-9a-f].*\\x[01][0-9a-f]")
    assert not [item.nodeid[:100] for item in request.session.items if binary.search(item.nodeid)]


# --- sizes -----------------------------------------------------------------------------------------------------


def test_files_are_short():
    assert not [f"{name(path)}: {lines(path)}" for path in CODE + TESTS if lines(path) > FILE_LIMIT]


def test_functions_are_short():
    long = []
    for path in CODE + TESTS:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = node.end_lineno - node.lineno + 1
                long += [f"{name(path)}:{node.lineno} {node.name}: {length}"] if length > FUNCTION_LIMIT else []
    assert not long


def test_templates_are_short():
    assert not [f"{name(path)}: {lines(path)}" for path in TEMPLATES if lines(path) > TEMPLATE_LIMIT]


# --- names -----------------------------------------------------------------------------------------------------


def routes(patterns=None, prefix=""):
    """(name, view) of every URL."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from routes(pattern.url_patterns, inner)
        else:
            yield f"{prefix}{pattern.name}", pattern.callback


def test_a_url_is_named_like_its_view():
    different = []
    for url_name, view in routes():
        function = inspect.unwrap(view)
        if url_name.startswith("admin:"):
            continue  # the admin finds its pages by names of its own
        space, _colon, last = url_name.rpartition(":")
        names = {last, f"{space.removesuffix('s')}_{last}"}  # fiches:detail is fiche_detail
        if function.__module__.split(".")[0] in OURS and function.__name__ not in names:
            different.append(f"{url_name} → {function.__module__}.{function.__name__}")
    assert not different


def test_what_strangers_may_open_is_this_list():
    public = {url_name for url_name, view in routes() if not getattr(view, "login_required", True)}
    assert public == PUBLIC, f"not in the list: {sorted(public - PUBLIC)}; no longer public: {sorted(PUBLIC - public)}"


def test_no_drawer_for_everything():
    forbidden = {"core", "common", "utils", "helpers", "services", "signals", "mixins"}
    assert not [name(path) for path in CODE if forbidden & {*path.relative_to(ROOT).with_suffix("").parts}]


def test_models_say_what_they_are_in_one_sentence():
    wrong = []
    for model in apps.get_models():
        if model.__module__.split(".")[0] in OURS and not model._meta.auto_created:
            first = (model.__doc__ or "").strip().split("\n")[0]
            if not first.endswith(".") or first.startswith(f"{model.__name__}("):
                wrong.append(f"{model.__module__}.{model.__name__}")
    assert not wrong


# --- code ------------------------------------------------------------------------------------------------------


def test_imports_go_down_the_ladder():
    done = subprocess.run([Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_query_starts_at_edition():
    manager = re.compile(r"\bEdition\.(objects|_base_manager|_default_manager)\b")
    assert not [name(path) for path in CODE if "translations" not in path.parts and manager.search(path.read_text())]


def test_no_signals():
    receiver = re.compile(r"@receiver\b|\b(pre|post)_(save|delete)\b")
    assert not [name(path) for path in CODE if receiver.search(path.read_text())]


def test_no_constraint_on_a_translated_field():
    wrong = []
    for model in translator.get_registered_models(abstract=False):
        for field in translator.get_options_for_model(model).fields:
            word = re.compile(rf"\b{field}(_[a-z]{{2}})?(__\w+)?\b")
            for constraint in model._meta.constraints:
                _path, args, kwargs = constraint.deconstruct()
                said = repr((args, {key: value for key, value in kwargs.items() if key != "name"}))
                wrong += [f"{model.__name__}.{field} in {constraint.name}"] if word.search(said) else []
            wrong += [f"{model.__name__}.{field} is unique"] if model._meta.get_field(field).unique else []
    assert not wrong


def test_nothing_names_a_registry_or_this_machine():
    registries = ["pypi" + ".org", "python" + "hosted", "registry.npm" + "js", "deb." + "debian", "crates" + ".io"]
    pattern = re.compile("|".join(map(re.escape, registries)) + r"|(?<![\w.])/" + r"work/|/root" + "/")
    assert not [f"{path}: {found[0]}" for path, text in committed() if (found := pattern.search(text))]


# --- templates -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("style element", r"<style\b"),
        ("style attribute", r"\sstyle\s*="),
        ("script without src", r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)"),
        ("event attribute", r"<[^>]*\son[a-z]+\s*="),
        ("javascript address", r"javascript:"),
        ("htmx that needs eval", r"\bhx-on|\bhx-vals=.js:"),
        ("address of another host", r"(?:src|srcset|<link[^>]*href)\s*=\s*.?https?://"),
    ],
)
def test_no_inline_script_or_style(what, pattern):
    assert not [name(path) for path in PAGES if re.search(pattern, path.read_text(), re.IGNORECASE)], what


def test_no_orphan_template():
    words = "\n".join(path.read_text() for path in [*CODE, *TEMPLATES])
    folders = get_app_template_dirs("templates")
    orphans = []
    for path in TEMPLATES:
        template = str(path.relative_to(ROOT / "templates"))
        overrides = any((folder / template).exists() for folder in folders)
        mail = "email" in path.parts and template.rsplit(".", 1)[0] in words
        paper = path.parent.name == "typst" and (path.name in words or f'"{path.stem}"' in words)
        # accounts.decisions names a page by its model, the admin a change form.
        decision = template.startswith("admin/") and path.name in ("decide.html", "change_form.html")
        if not (template in words or mail or paper or decision or overrides or template in FOUND_BY_DJANGO):
            orphans.append(template)
    assert not orphans


# --- catalogues ------------------------------------------------------------------------------------------------

needs_gettext = pytest.mark.skipif(
    not shutil.which("xgettext") and os.environ.get("CI") != "true", reason="gettext is not installed"
)


def test_catalogues_are_complete_and_well_formed():
    found = catalogues.problems()
    assert not found, "\n".join(found[:40])


@needs_gettext
def test_catalogues_hold_what_the_code_says():
    found = catalogues.stale()
    assert not found, "\n".join(found[:40])


def borrowed():
    """Texts of the packages we use, which our catalogues override or complete."""
    for package in ("django", "allauth", "taggit", "modeltranslation"):
        folder = Path(importlib.util.find_spec(package).origin).parent
        for path in folder.rglob("locale/*/LC_MESSAGES/django.po"):
            if path.parts[-3] in {"en", "es", "de"}:
                yield from (text for _context, *texts in catalogues.keys(path) for text in texts)


@needs_gettext
def test_english_is_plain():
    forbidden = re.compile(r"\bplease\b|successfully|!(?!\[)|\w'\w", re.IGNORECASE)
    ours = {text for _context, *texts in catalogues.extracted() for text in texts} - set(borrowed())
    wrong = [text for text in ours if forbidden.search(text)]
    assert not wrong, "\n".join(wrong)
