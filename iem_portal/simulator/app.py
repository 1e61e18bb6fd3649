"""What happens to one request: who calls, does a fault strike, who answers, is the answer allowed, what is noted."""

from __future__ import annotations

import itertools
import json
import uuid
from typing import Any

from botocore.model import ServiceModel
from botocore.session import get_session

from . import admin, callers, query, services  # noqa: F401  (services registers the operations)
from .behind import Behind
from .calls import Calls
from .faults import Faults
from .operations import OPERATIONS, ApiError, Call, SimulatorBug, refuse
from .shapes import Misfit, check
from .wire import Reply, Request, error_reply, json_reply
from .world import World

SERVICES = ("cloudwatch", "health", "support", "service-quotas", "resourcegroupstaggingapi")
PASSED_ON = {("support", "DescribeTrustedAdvisorChecks")}  # moto knows the 104 checks
BAD_INPUT = {
    "cloudwatch": "ValidationError",
    "health": "ValidationException",
    "support": "ValidationException",
    "service-quotas": "IllegalArgumentException",
    "resourcegroupstaggingapi": "InvalidParameterException",
    "elbv2": "ValidationError",
}


class Simulator:
    """The whole simulated AWS behind one port."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.behind = Behind()
        self.calls = Calls()
        self.faults = Faults()
        loader = get_session()
        models = [loader.get_service_model(name) for name in SERVICES]
        self._by_prefix = {model.metadata["targetPrefix"]: model for model in models}
        self._names = dict(zip(self._by_prefix, SERVICES, strict=True))
        self._elbv2 = loader.get_service_model("elbv2")
        self._numbers = itertools.count(1)

    def answer(self, request: Request) -> Reply:
        """Never raises: every failure becomes the answer that says so."""
        self.world.keep_up()
        if request.path.startswith(("/_sim/", "/_fault/")):
            return admin.answer(self, request)
        now = self.world.clock.now()
        request_id = str(uuid.UUID(int=next(self._numbers)))
        service, name = self._address(request)
        note: dict[str, Any] = {"at": now, "service": service, "operation": name, "region": request.scope[1]}
        try:
            reply = self._faulty(request, service, name, note, now)
        except ApiError as error:
            reply = error_reply(request, error.code, error.message, error.status, request_id)
            note["error"] = error.code
        except Exception as error:
            reply = error_reply(request, "SimulatorBug", f"{type(error).__name__}: {error}", 500, request_id)
            note["error"] = "SimulatorBug"
        if not any(name.lower() == "x-amzn-requestid" for name in reply.headers):
            reply.headers["x-amzn-RequestId"] = request_id
        self.calls.add(
            {**note, "status": reply.status, "asked": len(request.body), "answered": len(reply.body)}
        )
        return reply

    def _address(self, request: Request) -> tuple[str, str]:
        prefix, name = request.target
        if prefix in self._names:
            return self._names[prefix], name
        if self._is_elbv2(request):
            return "elbv2", request.form().get("Action", "")
        return request.scope[2], name or request.form().get("Action", request.method)

    def _is_elbv2(self, request: Request) -> bool:
        """The older Elastic Load Balancing API signs under the same name; the version tells them apart."""
        is_balancing = request.scope[2] == self._elbv2.endpoint_prefix
        return is_balancing and request.form().get("Version") == self._elbv2.api_version

    def _faulty(self, request: Request, service: str, name: str, note: dict[str, Any], now: float) -> Reply:
        """The good answer, unless a fault rule strikes before or after it is made."""
        account = callers.account_of(self.world, request, now)
        note["account"] = account
        rule = self.faults.strike(
            service=service, operation=name, account=account, region=request.scope[1], at=now
        )
        if rule is not None:
            note["fault"] = rule.id
            instead = self.faults.before(rule, request)
            if instead is not None:
                return instead
        reply = self._good(request, service, name, Call(self.world, account, request.scope[1], now), note)
        return reply if rule is None else self.faults.after(rule, request, reply)

    def _good(self, request: Request, service: str, name: str, call: Call, note: dict[str, Any]) -> Reply:
        model = self._elbv2 if service == "elbv2" else self._by_prefix.get(request.target[0])
        if model is None or (service, name) in PASSED_ON:
            return self._passed_on(request, service, name, call)
        if (service, name) not in OPERATIONS or name not in model.operation_names:
            raise refuse(f"{service} {name}")
        return self._own(request, service, name, model, call, note)

    def _passed_on(self, request: Request, service: str, name: str, call: Call) -> Reply:
        if service == "monitoring":
            raise refuse(f"cloudwatch {name} in another protocol than JSON")
        if service == "sts" and name == "AssumeRole":
            callers.check_assume_role(self.world, request)
        reply = self.behind.answer(request, call.account)
        if service == "sts" and name == "AssumeRole":
            callers.remember_session(self.world, request, reply, call.now)
        return reply

    def _own(
        self, request: Request, service: str, name: str, model: ServiceModel, call: Call, note: dict[str, Any]
    ) -> Reply:
        shapes = model.operation_model(name)
        try:
            data = query.read(shapes, request.form()) if service == "elbv2" else request.json()
            check(shapes.input_shape, data)
        except (Misfit, json.JSONDecodeError) as error:
            raise ApiError(BAD_INPUT[service], f"1 validation error detected: {error}") from None
        if "MetricDataQueries" in data:
            note["metrics"] = len(data["MetricDataQueries"])
        answer = OPERATIONS[service, name](call, data)
        try:
            check(shapes.output_shape, answer, closed=True)
        except Misfit as error:
            raise SimulatorBug(f"{service} {name} answered what the model does not allow: {error}") from None
        if service == "elbv2":
            return query.reply(shapes, answer)
        return json_reply(answer, version=model.metadata["jsonVersion"])
