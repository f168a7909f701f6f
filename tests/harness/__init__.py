"""Machines to test init in: a container (namespaces) and a VM (QEMU)."""
