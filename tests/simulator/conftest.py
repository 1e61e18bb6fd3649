"""boto3 clients straight at the simulator, past the portal's own AWS layer."""

import pytest
from botocore.config import Config
from botocore.loaders import create_loader
from botocore.session import get_session

ONE_ATTEMPT = Config(
    retries={"mode": "standard", "total_max_attempts": 1}, read_timeout=30, parameter_validation=False
)
MODELS = create_loader()


@pytest.fixture
def aws(simulator):
    """`aws("health", region=…, account=…)`: a client without retries and without checks of its own."""

    def client(service, *, region="ap-northeast-2", account="111122223333", **keys):
        session = get_session()
        session.register_component("data_loader", MODELS)
        session.set_credentials(keys.get("key", account), keys.get("secret", "simulated"), keys.get("token"))
        return session.create_client(
            service, region_name=region, endpoint_url=simulator.url, config=keys.get("config", ONE_ATTEMPT)
        )

    return client
