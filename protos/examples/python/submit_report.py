#!/usr/bin/env python3
"""Sends the report of a township for one period over gRPC and reads it back with its receipt.

Needs grpcio and grpcio-tools (Debian: python3-grpcio python3-grpc-tools python3-pkg-resources). The messages are made from the protocol's own files when it starts.

    export HUB_TOKEN=...    # a township's credential
    python3 protos/examples/python/submit_report.py 127.0.0.1:8081 county-2025 990101100 2026-10

With TLS, give the county's root certificate: --root root.pem
"""
import argparse
import hashlib
import os
import pathlib
import sys
import tempfile

import grpc
import grpc_tools
from grpc_tools import protoc

# A project would do this once and keep what is made: python3 -m grpc_tools.protoc -Iprotos --python_out=. --grpc_python_out=. FILES
protos = pathlib.Path(__file__).resolve().parents[2]
made = tempfile.TemporaryDirectory()
files = [str(protos / f"{name}.proto") for name in (
    "google/api/annotations", "google/api/http", "hub/v1/programme", "hub/v1/reading", "hub/v1/report", "hub/v1/reporting")]
if protoc.main(["protoc", f"-I{protos}", f"-I{pathlib.Path(grpc_tools.__file__).parent / '_proto'}",
                f"--python_out={made.name}", f"--grpc_python_out={made.name}", *files]) != 0:
    sys.exit("the protocol's files could not be compiled")
sys.path.insert(0, made.name)

from hub.v1 import programme_pb2, programme_pb2_grpc, report_pb2, reporting_pb2, reporting_pb2_grpc


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("hub", help="host:port")
    asked.add_argument("programme", help="programme id")
    asked.add_argument("township", help="township code")
    asked.add_argument("period", help="YYYY-MM")
    asked.add_argument("--root", help="file of the county's root certificate; without it the connection is not encrypted")
    args = asked.parse_args()
    token = os.environ.get("HUB_TOKEN") or sys.exit("HUB_TOKEN holds no credential: ask the county for one")
    metadata = [("authorization", f"Bearer {token}"), ("accept-language", "en")]

    with connect(args) as channel:
        try:
            send(channel, args, metadata)
        except grpc.RpcError as refused:
            sys.exit(f"{refused.code().name}: {refused.details()}")


def connect(args):
    if not args.root:
        return grpc.insecure_channel(args.hub)
    return grpc.secure_channel(args.hub, grpc.ssl_channel_credentials(pathlib.Path(args.root).read_bytes()))


def send(channel, args, metadata):
    programmes = programme_pb2_grpc.ProgrammeServiceStub(channel)
    reports = reporting_pb2_grpc.ReportingServiceStub(channel)
    defined = programmes.GetProgramme(programme_pb2.GetProgrammeRequest(programme=args.programme), metadata=metadata)
    items = {standard.kind: standard.items for standard in defined.standards}
    branches = programmes.ListBranches(
        programme_pb2.ListBranchesRequest(township=args.township, period=args.period), metadata=metadata).branches

    # Here everything is met; another system puts its own judgement of each item in its place.
    sent = report_pb2.Report(programme=args.programme, township=args.township, period=args.period)
    for branch in branches:
        if items[branch.kind]:
            sent.branches.add(branch=branch.code, states=[report_pb2.ITEM_STATE_MET for _ in items[branch.kind]])

    # The same content has the same id, so that a retry gets the first receipt.
    submission_id = hashlib.sha256(sent.SerializeToString(deterministic=True)).hexdigest()[:32]
    answer = reports.SubmitReport(
        reporting_pb2.SubmitReportRequest(submission_id=submission_id, expected_version=in_force(reports, args, metadata), report=sent),
        metadata=metadata)
    kept = reports.GetReport(
        reporting_pb2.GetReportRequest(programme=args.programme, township=args.township, period=args.period), metadata=metadata)
    print(f"{'already kept' if answer.already_kept else 'kept'}: {args.period} version {kept.receipt.version}, "
          f"received {kept.receipt.received_at.ToJsonString()}, position {kept.receipt.position}, hash {kept.receipt.hash.hex()}")


def in_force(reports, args, metadata):
    """The version that this report follows: 0 where there is none yet."""
    found = reports.ListReports(
        reporting_pb2.ListReportsRequest(programme=args.programme, township=args.township, period=args.period, page_size=1), metadata=metadata)
    return found.reports[0].version if found.reports else 0


if __name__ == "__main__":
    main()
