# nginx shuts down gracefully on SIGQUIT, and at once on SIGTERM.
nginx -c "$PWD/${2:-nginx-crowd.conf}" -g "pid $1.$$;" &
proxy=$!
trap 'kill -QUIT "$proxy"' TERM
wait "$proxy"
wait "$proxy"
