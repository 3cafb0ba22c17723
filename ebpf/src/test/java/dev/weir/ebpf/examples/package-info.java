/** One-page programs that show the toolkit; {@code ebpf/example NAME} runs one in namespaces of its own, {@code ExamplesTest} runs all. */
package dev.weir.ebpf.examples;
