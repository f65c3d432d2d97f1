"""Membership of the network: joining, reporting, leaving; authorities that become one."""
