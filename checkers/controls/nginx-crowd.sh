# nginx lets its connections finish on SIGQUIT; on SIGTERM it would end at once.
nginx -c "$PWD/${2:-nginx-crowd.conf}" -g "pid $1.$$;" &
proxy=$!
trap 'kill -QUIT "$proxy"' TERM
wait "$proxy"
wait "$proxy"
