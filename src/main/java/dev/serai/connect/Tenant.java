package dev.serai.connect;

import dev.serai.connect.answer.AnswerClassifier;
import dev.serai.connect.gate.Gate;

/**
 * One account at the provider, and all that its calls need.
 *
 * @param name as events give it
 * @param endpoint Camel's URI of its {@code POST /connect}
 */
public record Tenant(String name, String endpoint, Gate gate, AnswerClassifier classifier) {}
