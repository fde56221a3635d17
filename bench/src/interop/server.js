// An echo server that takes a fixed time of CPU for each message, so that it is what limits a client. Tells its port.
import { WebSocketServer } from 'ws';

const workNs = BigInt(process.argv[2] ?? 100) * 1000n;
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });

server.on('connection', (socket) => {
  socket.on('message', (data, isBinary) => {
    const end = process.hrtime.bigint() + workNs;
    while (process.hrtime.bigint() < end);
    socket.send(data, { binary: isBinary });
  });
  socket.on('error', () => {});
});
server.on('listening', () => console.log(server.address().port));
