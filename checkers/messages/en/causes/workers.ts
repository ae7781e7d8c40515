/** Causes of what goes wrong among the processes that share a port. */
export const workers = {
  portNotShared: (port: number | string | undefined) =>
    `another process of the proxy could not bind to port ${port}: each of them, the first one too, has to set SO_REUSEPORT before bind()`,
  doorUnwatched: (fd: number, pid: number) =>
    `the process ${pid} listens, and its listening socket (${fd}) was never attached to its loop: the kernel deals out clients to it that nobody lets in`,
  tooManyProcesses: (count: number, pids: string) =>
    `${count} processes listen on the port (${pids}): the first one is one of as many as WORKERS says, so one fewer is to be started`,
  leftWithWorker: (fd: number) =>
    `the program was told by descriptor ${fd} that a process has ended which it had started, and then ended itself`,
  workerLeftTooEarly: (pid: number, open: number) =>
    `the process ${pid} heard of the end of the first one, and ended although ${open === 1 ? 'a client was' : `${open} clients were`} still connected to it`,
  firstDidNotWait: (open: number) =>
    `the first process ended while another one still had ${open === 1 ? 'a client' : `${open} clients`}: whoever waits for the end of the proxy waits for the first process, and then ends the others`,
  doorInherited: (fd: number) =>
    `the listening socket (${fd}) was there before the other process was started, so that one has a copy of it: the kernel lets clients in until both are closed`,
  endOfFirstUnseen: (pid: number) =>
    `the process ${pid} does not watch its standard input, by which it would hear that the first one has ended`,
};
