//! A server that runs beside us: a process group of its own, a log, and an end that leaves nothing behind.

use crate::trouble::{Because, Outcome};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// How long a server may take to end by itself.
const GRACE: Duration = Duration::from_secs(5);
/// Lines told when a server dies.
const LAST_WORDS: usize = 15;

/// A running server. Dropping it ends it and everything it started.
pub(crate) struct Server {
    name: &'static str,
    child: Child,
    group: Pid,
    log: PathBuf,
}

impl Server {
    /// Starts it. Its output goes to `log`; lines that tell of an error are shown as well.
    pub(crate) fn start(name: &'static str, command: &mut Command, log: PathBuf) -> Outcome<Self> {
        let file = File::create(&log).because(|| format!("{} could not be written", log.display()))?;
        let file = Arc::new(Mutex::new(file));
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .because(|| format!("{name} could not be started ({})", command.get_program().to_string_lossy()))?;
        let group = Pid::from_raw(i32::try_from(child.id()).because(|| format!("{name} has an odd process id"))?);
        let pipes = [child.stdout.take().map(boxed), child.stderr.take().map(boxed)];
        for pipe in pipes.into_iter().flatten() {
            let file = Arc::clone(&file);
            thread::spawn(move || copy_lines(name, pipe, &file));
        }
        Ok(Self { name, child, group, log })
    }

    /// If it has ended: how, and its last words.
    pub(crate) fn obituary(&mut self) -> Option<String> {
        let status = self.child.try_wait().ok().flatten()?;
        // The threads that copy its output may still be at it.
        thread::sleep(Duration::from_millis(200));
        Some(format!("{} ended ({status}). The end of {}:\n{}", self.name, self.log.display(), last_lines(&self.log)))
    }

    /// Asks the whole group to end, insists after a while.
    fn stop(&mut self) {
        let _ = killpg(self.group, Signal::SIGTERM);
        let asked = Instant::now();
        while asked.elapsed() < GRACE && self.group_is_alive() {
            let _ = self.child.try_wait();
            thread::sleep(Duration::from_millis(25));
        }
        let _ = killpg(self.group, Signal::SIGKILL);
        let _ = self.child.wait();
    }

    fn group_is_alive(&self) -> bool {
        killpg(self.group, None).is_ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn boxed<R: Read + Send + 'static>(pipe: R) -> Box<dyn Read + Send> {
    Box::new(pipe)
}

fn copy_lines(name: &str, pipe: impl Read, file: &Mutex<File>) {
    let mut reader = BufReader::new(pipe);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        if let Ok(mut file) = file.lock() {
            let _ = file.write_all(&line);
        }
        let text = String::from_utf8_lossy(&line);
        if tells_of_an_error(&text) {
            eprintln!("  [{name}] {}", text.trim_end());
        }
        line.clear();
    }
}

fn tells_of_an_error(line: &str) -> bool {
    ["ERROR", "Error:", "error:", "panicked", "Uncaught"].iter().any(|sign| line.contains(sign))
}

fn last_lines(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines.iter().skip(lines.len().saturating_sub(LAST_WORDS)).map(|line| format!("    {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::command;

    fn log(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("countersign-{name}-{}.log", std::process::id()))
    }

    #[test]
    fn what_a_server_started_ends_with_it() {
        let log = log("grandchild");
        let mut shell = command("sh");
        shell.args(["-c", "sleep 1000 & echo started $!; wait"]);
        let server = Server::start("a shell", &mut shell, log.clone()).unwrap();
        let until = Instant::now() + Duration::from_secs(10);
        let mut grandchild = None;
        while grandchild.is_none() && Instant::now() < until {
            let text = fs::read_to_string(&log).unwrap();
            grandchild = text.strip_prefix("started ").and_then(|pid| pid.trim().parse::<i32>().ok());
            thread::sleep(Duration::from_millis(10));
        }
        let pid = Pid::from_raw(grandchild.unwrap());
        drop(server);
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        assert!(stat.is_empty() || stat.contains(") Z "), "still there: {stat}");
        fs::remove_file(log).unwrap();
    }

    #[test]
    fn a_server_that_dies_is_told_with_its_last_words() {
        let log = log("dies");
        let mut shell = command("sh");
        shell.args(["-c", "echo no such database; exit 3"]);
        let mut server = Server::start("a shell", &mut shell, log.clone()).unwrap();
        let until = Instant::now() + Duration::from_secs(10);
        let mut told = None;
        while told.is_none() && Instant::now() < until {
            told = server.obituary();
        }
        let told = told.unwrap();
        assert!(told.contains("exit status: 3") && told.contains("no such database"), "{told}");
        fs::remove_file(log).unwrap();
    }
}
