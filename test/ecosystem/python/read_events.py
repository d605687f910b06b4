"""Prints what TensorBoard makes of a folder of event files: `read_events.py FOLDER`, a JSON object."""

import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import plugin_data_pb2

events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "tensors": 0})
events.Reload()
tags = events.Tags()


def hparams(tag):
    content = events.SummaryMetadata(tag).plugin_data.content
    data = plugin_data_pb2.HParamsPluginData.FromString(content)
    values = data.session_start_info.hparams
    return {name: getattr(value, value.WhichOneof("kind")) for name, value in values.items()}


print(
    json.dumps(
        {
            "scalars": {
                tag: [[event.step, event.value] for event in events.Scalars(tag)] for tag in tags["scalars"]
            },
            "text": events.Tensors("run")[0].tensor_proto.string_val[0].decode(),
            "hparams": hparams("_hparams_/session_start_info"),
        }
    )
)
