"""The one router of all operations: two methods of one address may stand in two modules."""

from ninja import Router

router = Router()
