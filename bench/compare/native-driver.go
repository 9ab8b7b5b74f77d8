// What a Go program does with certificates, so many times: crypto/x509 of the standard library from DER. Prints the
// milliseconds. Its arguments are those of native-driver.c.
package main

import (
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"
)

func main() {
	arguments := os.Args[1:]
	if arguments[0] == "version" {
		fmt.Println(runtime.Version())
		return
	}
	count, at := number(arguments[1]), time.Unix(int64(number(arguments[2])), 0)
	leaf := octets(arguments[3])
	run := func() { certificate(leaf) }
	if arguments[0] == "verify" {
		intermediate, roots := octets(arguments[4]), x509.NewCertPool()
		roots.AddCert(certificate(octets(arguments[5])))
		run = func() {
			intermediates := x509.NewCertPool()
			intermediates.AddCert(certificate(intermediate))
			_, err := certificate(leaf).Verify(x509.VerifyOptions{
				Roots:         roots,
				Intermediates: intermediates,
				CurrentTime:   at,
				KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
			})
			check(err)
		}
	}
	start := time.Now()
	for ; count > 0; count-- {
		run()
	}
	fmt.Println(float64(time.Since(start).Nanoseconds()) / 1e6)
}

func certificate(der []byte) *x509.Certificate {
	parsed, err := x509.ParseCertificate(der)
	check(err)
	return parsed
}

func octets(hexadecimal string) []byte {
	decoded, err := hex.DecodeString(hexadecimal)
	check(err)
	return decoded
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
