"""Seals secrets with AES-GCM under one data key, and keeps that key where it is safest here."""

from __future__ import annotations

from aiops_desktop.adapters.secrets.key import DataKey
from aiops_desktop.adapters.secrets.stream import Opening, Sealing
from aiops_desktop.adapters.secrets.vault import Vault

__all__ = ["DataKey", "Opening", "Sealing", "Vault"]
