package dev.weir.net.stream;

import dev.weir.engine.log.Log;
import io.netty.util.internal.logging.AbstractInternalLogger;
import io.netty.util.internal.logging.FormattingTuple;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.MessageFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Takes Netty's warnings and errors into our log, and nothing less. Without it Netty would look for a logging library in all jars, and
 * {@code java.util.logging} would write two lines to standard error for each of Netty's.
 */
final class NettyLog extends AbstractInternalLogger {
    private static final String TEXT = "A library reports";
    private static final long serialVersionUID = 1;

    private NettyLog(String name) {
        super(name);
    }

    /** Before Netty's first class that logs is loaded. */
    static void install() {
        InternalLoggerFactory.setDefaultFactory(new InternalLoggerFactory() {
            @Override
            protected InternalLogger newInstance(String name) {
                return new NettyLog(name);
            }
        });
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public void trace(String text) {}

    @Override
    public void trace(String format, Object argument) {}

    @Override
    public void trace(String format, Object first, Object second) {}

    @Override
    public void trace(String format, Object... arguments) {}

    @Override
    public void trace(String text, Throwable error) {}

    @Override
    public boolean isDebugEnabled() {
        return false;
    }

    @Override
    public void debug(String text) {}

    @Override
    public void debug(String format, Object argument) {}

    @Override
    public void debug(String format, Object first, Object second) {}

    @Override
    public void debug(String format, Object... arguments) {}

    @Override
    public void debug(String text, Throwable error) {}

    @Override
    public boolean isInfoEnabled() {
        return false;
    }

    @Override
    public void info(String text) {}

    @Override
    public void info(String format, Object argument) {}

    @Override
    public void info(String format, Object first, Object second) {}

    @Override
    public void info(String format, Object... arguments) {}

    @Override
    public void info(String text, Throwable error) {}

    @Override
    public boolean isWarnEnabled() {
        return true;
    }

    @Override
    public void warn(String text) {
        Log.warning(TEXT, "net", "message", text, "logger", name());
    }

    @Override
    public void warn(String format, Object argument) {
        warn(MessageFormatter.format(format, argument));
    }

    @Override
    public void warn(String format, Object first, Object second) {
        warn(MessageFormatter.format(format, first, second));
    }

    @Override
    public void warn(String format, Object... arguments) {
        warn(MessageFormatter.arrayFormat(format, arguments));
    }

    private void warn(FormattingTuple formatted) {
        warn(formatted.getMessage(), formatted.getThrowable());
    }

    @Override
    public void warn(String text, @Nullable Throwable error) {
        Log.warning(TEXT, "net", "message", text, "logger", name(), "error", error == null ? "" : error);
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }

    @Override
    public void error(String text) {
        Log.error(TEXT, "net", "message", text, "logger", name());
    }

    @Override
    public void error(String format, Object argument) {
        error(MessageFormatter.format(format, argument));
    }

    @Override
    public void error(String format, Object first, Object second) {
        error(MessageFormatter.format(format, first, second));
    }

    @Override
    public void error(String format, Object... arguments) {
        error(MessageFormatter.arrayFormat(format, arguments));
    }

    private void error(FormattingTuple formatted) {
        error(formatted.getMessage(), formatted.getThrowable());
    }

    @Override
    public void error(String text, @Nullable Throwable error) {
        Log.error(TEXT, "net", "message", text, "logger", name(), "error", error == null ? "" : error);
    }
}
