"""Whom to ask: never anybody by default, and never with a secret in the wrong place."""

import pytest

from embauche.errors import LLMError
from embauche.identify.llm_settings import LLMSettings, llm_settings

URL = "http://localhost:11434/v1"


def test_without_an_address_nobody_is_configured() -> None:
    assert llm_settings({}) is None
    assert llm_settings({"EMBAUCHE_LLM_MODEL": "m", "EMBAUCHE_LLM_KEY": "k"}) is None
    assert llm_settings({"EMBAUCHE_LLM_URL": ""}, {"url": None, "model": "m"}) is None


def test_the_environment_wins_over_the_study() -> None:
    section = {"url": "https://api.mistral.ai/v1", "model": "small", "input_price": 0.1, "batch": 8}
    found = llm_settings({"EMBAUCHE_LLM_URL": f"{URL}/", "EMBAUCHE_LLM_KEY": " k "}, section)
    assert found == LLMSettings(URL, "small", "k", input_price=0.1, batch=8)
    alone = llm_settings({}, section)
    assert alone is not None
    assert (alone.host, alone.url_from) == ("api.mistral.ai", "study.toml")
    assert alone.key is None


def test_a_key_in_the_study_is_not_taken() -> None:
    found = llm_settings({}, {"url": URL, "model": "m", "key": "secret"})
    assert found is not None
    assert found.key is None


def test_the_key_is_never_shown() -> None:
    settings = LLMSettings(URL, "m", "sk-very-secret")
    assert "sk-very-secret" not in repr(settings)
    assert "sk-very-secret" not in settings.coder


@pytest.mark.parametrize(
    ("url", "here", "clear"),
    [
        ("http://localhost:11434/v1", True, False),
        ("http://127.0.0.1:8080/v1", True, False),
        ("http://127.9.9.9/v1", True, False),
        ("http://[::1]:8080/v1", True, False),
        ("http://ollama.localhost/v1", True, False),
        ("http://192.168.1.7:11434/v1", False, True),
        ("http://localhost.example.org/v1", False, True),
        ("http://127.0.0.1.example.org/v1", False, True),
        ("https://api.openai.com/v1", False, False),
    ],
)
def test_what_is_this_machine(url: str, *, here: bool, clear: bool) -> None:
    settings = LLMSettings(url, "m")
    assert settings.on_this_machine is here
    assert settings.in_the_clear is clear


def test_the_coder_is_named_by_model_and_host() -> None:
    assert LLMSettings("https://api.mistral.ai/v1", "a").coder == "machine:llm:a@api.mistral.ai"
    assert LLMSettings("https://h:443/v1", "a").coder == "machine:llm:a@h"
    assert LLMSettings(URL, "qwen3:4b").coder == "machine:llm:qwen3:4b@localhost:11434"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("localhost:11434", "llm.bad_url"),
        ("ftp://h/v1", "llm.bad_url"),
        ("http://", "llm.bad_url"),
        ("http://h:port/v1", "llm.bad_url"),
        ("http://[::1/v1", "llm.bad_url"),
        ("https://me:hunter2@h/v1", "llm.secret_in_url"),
        ("https://h/v1?key=hunter2", "llm.secret_in_url"),
    ],
)
def test_a_wrong_address_is_refused_without_repeating_its_secret(url: str, code: str) -> None:
    with pytest.raises(LLMError) as caught:
        LLMSettings(url, "m")
    assert caught.value.code == code
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BATCH", "0"),
        ("BATCH", "many"),
        ("CONCURRENCY", "1000"),
        ("TIMEOUT", "nan"),
        ("INPUT_PRICE", "-1"),
    ],
)
def test_a_wrong_number_is_named(name: str, value: str) -> None:
    environment = {
        "EMBAUCHE_LLM_URL": URL,
        "EMBAUCHE_LLM_MODEL": "m",
        f"EMBAUCHE_LLM_{name}": value,
    }
    with pytest.raises(LLMError) as caught:
        llm_settings(environment)
    assert caught.value.code == "llm.bad_number"
    assert name.lower() in caught.value.message("fr")


def test_an_address_without_a_model_is_an_error() -> None:
    with pytest.raises(LLMError) as caught:
        llm_settings({"EMBAUCHE_LLM_URL": URL})
    assert caught.value.code == "llm.no_model"


def test_costs_are_per_million_tokens() -> None:
    settings = LLMSettings(URL, "m", input_price=0.5, output_price=2.0)
    assert settings.cost(1_000_000, 500_000) == pytest.approx(1.5)
    assert LLMSettings(URL, "m").cost(10, 10) is None
    assert LLMSettings(URL, "m", input_price=3.0).cost(1_000_000, 9) == pytest.approx(3.0)
