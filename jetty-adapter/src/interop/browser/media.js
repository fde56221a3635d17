/** Reports "media" once packets of the other side's audio arrive over this connection. */
export function reportMedia(connection) {
  const look = async () => {
    if (connection.connectionState === 'closed') {
      return;
    }
    for (const statistics of (await connection.getStats()).values()) {
      if (statistics.type === 'inbound-rtp' && statistics.packetsReceived > 0) {
        window.report('media');
        return;
      }
    }
    setTimeout(look, 50);
  };
  look();
}
