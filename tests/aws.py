"""A private AWS for the tests: moto's server, which takes boto3's real requests over the real wire (KMS, S3).

It is no AWS: it checks no signature and no policy. What only AWS can show is said in docs/security.md.
"""

import os
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

REGION = "ap-northeast-2"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": REGION,
}


class Aws:
    def __init__(self) -> None:
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.endpoint = f"http://{host}:{port}"
        os.environ.update(CREDENTIALS)

    def client(self, name: str) -> Any:
        return boto3.client(name, region_name=REGION, endpoint_url=self.endpoint)

    def key(self) -> str:
        """The ARN of a new KMS key."""
        return str(self.client("kms").create_key()["KeyMetadata"]["Arn"])

    def bucket(self, name: str, *, locked: bool = False) -> str:
        self.client("s3").create_bucket(
            Bucket=name,
            ObjectLockEnabledForBucket=locked,
            CreateBucketConfiguration={"LocationConstraint": REGION},
        )
        return name

    def go_away(self) -> None:
        """From now on callers are refused; what it holds stays."""
        self._server.stop()

    def come_back(self) -> None:
        """On the same address, with the same keys."""
        port = int(self.endpoint.rpartition(":")[2])
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
        self._server.start()

    def stop(self) -> None:
        self._server.stop()
        for name in CREDENTIALS:
            os.environ.pop(name, None)
