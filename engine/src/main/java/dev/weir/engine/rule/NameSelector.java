package dev.weir.engine.rule;

import dev.weir.engine.expression.Expression;
import dev.weir.engine.query.HashedName;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleContext;
import dev.weir.wire.Name;

/** Selectors that look at the question's name. */
public sealed interface NameSelector extends Selector {
    /** Exactly this name. */
    record QName(Name name) implements NameSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            HashedName key = query.nameKey();
            return key.hash() == name.hashCode() && key.suffixEquals(0, name);
        }

        @Override
        public String text() {
            return "qname==" + name;
        }
    }

    /** One of these names exactly. */
    record QNameSet(NameSet names) implements NameSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return names.contains(query.nameKey());
        }

        @Override
        public String text() {
            return "qname in DNSNameSet(" + names.size() + " FQDNs)";
        }
    }

    /** One of these names or below it. */
    record Suffix(SuffixSet names, boolean quiet) implements NameSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return names.match(query.nameKey());
        }

        @Override
        public String text() {
            return quiet ? "qname==in-set" : "qname in " + names;
        }
    }

    /** A regular expression matches the name's presentation form, which has no final dot here. */
    record Regex(Expression expression) implements NameSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return context.scanners().matches(expression, query.nameKey().expressionText());
        }

        @Override
        public String text() {
            return (expression.isWhole() ? "RE2 match: " : "Regex: ") + expression.source();
        }
    }

    /** Number of labels outside these bounds. */
    record LabelsCount(int min, int max) implements NameSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            int labels = query.nameKey().labels();
            return labels < min || labels > max;
        }

        @Override
        public String text() {
            return "labels count < " + min + " || labels count > " + max;
        }
    }

    /** Octets of the name outside these bounds. */
    record WireLength(int min, int max) implements NameSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return query.nameLength() < min || query.nameLength() > max;
        }

        @Override
        public String text() {
            return "wire length < " + min + " || wire length > " + max;
        }
    }
}
