/** Causes of what goes wrong among the processes that share a port. */
export const workers = {
  portNotShared: (port: number | string | undefined) =>
    `another process of the proxy could not bind to port ${port}: each of them, the first one too, has to set SO_REUSEPORT before bind()`,
  doorUnwatched: (fd: number, pid: number) =>
    `the process ${pid} listens, but its listening socket (${fd}) was never attached to its loop: the kernel gives it clients that it never accepts`,
  tooManyProcesses: (count: number, pids: string) =>
    `${count} processes listen on the port (${pids}): WORKERS counts the first process too, so start one fewer`,
  leftWithWorker: (fd: number) =>
    `descriptor ${fd} told the program that a process it had started has ended, and the program then ended too`,
  workerLeftTooEarly: (pid: number, open: number) =>
    `the process ${pid} saw the first one end, and ended although ${open === 1 ? 'a client was' : `${open} clients were`} still connected to it`,
  firstDidNotWait: (open: number) =>
    `the first process ended while another one still had ${open === 1 ? 'a client' : `${open} clients`}: a supervisor waits for the first process only, and then ends the others`,
  doorInherited: (fd: number) =>
    `the listening socket (${fd}) was open before the other process started, so that process has a copy of it: the kernel accepts connections until both are closed`,
  endOfFirstUnseen: (pid: number) =>
    `the process ${pid} does not watch its standard input, which would tell it that the first one has ended`,
};
