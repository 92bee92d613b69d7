//! Ports on this machine.

use crate::trouble::{Outcome, trouble};
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};

/// A port something is about to listen on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Port {
    /// What for, in words.
    pub(crate) purpose: &'static str,
    /// The option that chooses another.
    pub(crate) flag: &'static str,
    /// Which.
    pub(crate) number: u16,
}

/// Whether all of them can be had; the trouble names the one that can't and how to choose another.
pub(crate) fn are_free(ports: &[Port]) -> Outcome {
    for (index, port) in ports.iter().enumerate() {
        if ports.iter().take(index).any(|earlier| earlier.number == port.number) {
            return trouble(format!(
                "Port {} is asked for twice. Choose another with {} <port>.",
                port.number, port.flag
            ));
        }
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port.number)) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                return trouble(format!(
                    "Port {} ({}) is taken, perhaps by another `cargo xtask dev`. Stop that one, or choose another port \
                     with {} <port>.",
                    port.number, port.purpose, port.flag
                ));
            }
            Err(error) => {
                return trouble(format!(
                    "Port {} ({}) can't be used: {error}. Choose another with {} <port>.",
                    port.number, port.purpose, port.flag
                ));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_with_the_way_out() {
        let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let number = holder.local_addr().unwrap().port();
        let port = Port { purpose: "the site", flag: "--site-port", number };
        let said = are_free(&[port]).unwrap_err().to_string();
        assert!(said.contains(&number.to_string()) && said.contains("--site-port"), "{said}");
        drop(holder);
        are_free(&[port]).unwrap();
        assert!(are_free(&[port, port]).unwrap_err().to_string().contains("twice"));
    }
}
