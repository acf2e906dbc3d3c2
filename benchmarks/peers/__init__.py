"""Other implementations, each in a process and an environment of its own that this package makes and can throw away."""

from benchmarks.peers.installing import LeftOut, cache_folder, node_modules
from benchmarks.peers.talking import PEERS, Peer, PeerKind, peer_ways, start

__all__ = ["PEERS", "LeftOut", "Peer", "PeerKind", "cache_folder", "node_modules", "peer_ways", "start"]
